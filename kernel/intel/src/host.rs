//! rust-analyzer itself: a project is loaded once, then one file of it changes with every question.
//! Knows nothing of sessions and cells, or of what is done with the answers.

use anyhow::{Context, Result, anyhow};
use crossbeam_channel::{Receiver, unbounded};
use ra_ap_base_db::SourceRoot;
use ra_ap_hir::{ChangeWithProcMacros, PrefixKind};
use ra_ap_ide::{
    Analysis, AnalysisHost, CompletionConfig, CompletionFieldsToResolve, CompletionItem, FileId,
    FilePosition, FileRange, HoverConfig, HoverDocFormat, RaFixtureConfig, SubstTyLen, TextRange,
    TextSize,
};
use ra_ap_ide_db::FxHashMap;
use ra_ap_ide_db::imports::insert_use::{ImportGranularity, InsertUseConfig};
use ra_ap_paths::{AbsPathBuf, Utf8PathBuf};
use ra_ap_project_model::{CargoConfig, ProjectManifest, ProjectWorkspace, RustLibSource};
use ra_ap_vfs::loader::{Config, Directories, Entry, Handle, LoadingProgress, Message};
use ra_ap_vfs::{Change, Vfs, VfsPath, file_set::FileSetConfig};
use ra_ap_vfs_notify::NotifyHandle;
use std::path::Path;

/// Fields and variants of a hovered type that are written out.
const FIELDS: usize = 8;

/// One project and what is known of it.
pub struct Host {
    analysis: AnalysisHost,
    files: Vfs,
    loader: NotifyHandle,
    loaded: Receiver<Message>,
    loads: u32,
    manifest: AbsPathBuf,
    source: VfsPath,
    source_id: FileId,
}

impl Host {
    /// Knows nothing before [`Host::load`]. The crate's one file is `src/lib.rs`.
    pub fn new(project: &Path) -> Result<Host> {
        let project = Utf8PathBuf::from_path_buf(project.to_owned())
            .map_err(|path| anyhow!("{} is not UTF-8", path.display()))?;
        let project =
            AbsPathBuf::try_from(project).map_err(|path| anyhow!("{path} is relative"))?;
        let source = project.join("src/lib.rs");
        // The crate is only found if its file is there.
        std::fs::create_dir_all(project.join("src"))?;
        std::fs::write(&source, "").with_context(|| format!("{source} cannot be written"))?;
        let source = VfsPath::from(source);
        let mut files = Vfs::default();
        files.set_file_contents(source.clone(), Some(Vec::new()));
        let (source_id, _) = files
            .file_id(&source)
            .context("rust-analyzer does not take the cell's file")?;
        let (sender, loaded) = unbounded();
        Ok(Host {
            analysis: AnalysisHost::default(),
            files,
            loader: NotifyHandle::spawn(sender),
            loaded,
            loads: 0,
            manifest: project.join("Cargo.toml"),
            source,
            source_id,
        })
    }

    /// Reads the crates that `manifest` asks for, and forgets all others.
    pub fn load(&mut self, manifest: &str) -> Result<()> {
        std::fs::write(&self.manifest, manifest)
            .with_context(|| format!("{} cannot be written", self.manifest))?;
        let config = CargoConfig {
            sysroot: Some(RustLibSource::Discover),
            ..CargoConfig::default()
        };
        let found = ProjectManifest::from_manifest_file(self.manifest.clone())?;
        let workspace = ProjectWorkspace::load(found, &config, &|_| {})?;
        self.read_files(&workspace);
        let mut change = ChangeWithProcMacros::default();
        for (file, changed) in self.files.take_changes() {
            let text = match changed.change {
                Change::Create(bytes, _) | Change::Modify(bytes, _) => {
                    String::from_utf8(bytes).ok()
                }
                Change::Delete => None,
            };
            change.change_file(file, text);
        }
        let roots = FileSetConfig::default().partition(&self.files);
        change.set_roots(roots.into_iter().map(SourceRoot::new_local).collect());
        let (crates, _) = workspace.to_crate_graph(
            &mut |path| {
                let path = VfsPath::from(path.to_path_buf());
                self.files.file_id(&path).map(|(file, _)| file)
            },
            &FxHashMap::default(),
        );
        change.set_crate_graph(crates);
        self.analysis.apply_change(change);
        Ok(())
    }

    /// Waits until every file of the workspace is in `files`.
    fn read_files(&mut self, workspace: &ProjectWorkspace) {
        let load = workspace.to_roots().into_iter().map(|root| {
            Entry::Directories(Directories {
                extensions: vec!["rs".to_owned()],
                include: root.include,
                exclude: root.exclude,
            })
        });
        self.loads += 1;
        self.loader.set_config(Config {
            version: self.loads,
            load: load.collect(),
            watch: Vec::new(),
        });
        for message in &self.loaded {
            match message {
                Message::Progress { n_done, .. } => {
                    if n_done == LoadingProgress::Finished {
                        return;
                    }
                }
                Message::Loaded { files } | Message::Changed { files } => {
                    for (path, bytes) in files {
                        let path = VfsPath::from(path);
                        if path != self.source {
                            self.files.set_file_contents(path, bytes);
                        }
                    }
                }
            }
        }
    }

    /// What the crate's one file holds from now on.
    pub fn set_source(&mut self, text: String) {
        let mut change = ChangeWithProcMacros::default();
        change.change_file(self.source_id, Some(text));
        self.analysis.apply_change(change);
    }

    /// Everything that can stand at a byte of the source, whatever is written there.
    pub fn completions(&self, offset: usize) -> Result<Vec<CompletionItem>> {
        let place = FilePosition {
            file_id: self.source_id,
            offset: size(offset)?,
        };
        let found = self.now().completions(&completion_config(), place, None);
        Ok(found.map_err(|_| cancelled())?.unwrap_or_default())
    }

    /// What is known of the name around a byte of the source, as text or as Markdown.
    pub fn hover(&self, offset: usize, format: HoverDocFormat) -> Result<Option<String>> {
        let place = FileRange {
            file_id: self.source_id,
            range: TextRange::empty(size(offset)?),
        };
        let found = self.now().hover(&hover_config(format), place);
        let found = found.map_err(|_| cancelled())?;
        Ok(found.map(|hover| hover.info.markup.as_str().to_owned()))
    }

    fn now(&self) -> Analysis {
        self.analysis.analysis()
    }
}

fn size(offset: usize) -> Result<TextSize> {
    TextSize::try_from(offset).context("a session of 4 GiB")
}

/// It happens only if the source changes while a question is answered, and here one waits for the other.
fn cancelled() -> anyhow::Error {
    anyhow!("rust-analyzer gave up")
}

/// Names and nothing around them. What is guessed (whole expressions, imports) costs more time than
/// everything else.
fn completion_config() -> CompletionConfig<'static> {
    CompletionConfig {
        enable_postfix_completions: false,
        enable_imports_on_the_fly: false,
        enable_self_on_the_fly: false,
        enable_auto_iter: false,
        enable_auto_await: false,
        enable_private_editable: false,
        enable_term_search: false,
        term_search_fuel: 0,
        full_function_signatures: true,
        callable: None,
        add_colons_to_module: false,
        add_semicolon_to_unit: false,
        snippet_cap: None,
        insert_use: InsertUseConfig {
            prefix_kind: PrefixKind::ByCrate,
            group: false,
            granularity: ImportGranularity::Item,
            enforce_granularity: false,
            skip_glob_imports: false,
        },
        prefer_no_std: false,
        prefer_prelude: false,
        prefer_absolute: false,
        snippets: Vec::new(),
        limit: None,
        fields_to_resolve: CompletionFieldsToResolve::empty(),
        exclude_flyimport: Vec::new(),
        exclude_traits: &[],
        ra_fixture: RaFixtureConfig::default(),
    }
}

fn hover_config(format: HoverDocFormat) -> HoverConfig<'static> {
    HoverConfig {
        // They would lead out of the machine.
        links_in_hover: false,
        memory_layout: None,
        documentation: true,
        keywords: true,
        format,
        max_trait_assoc_items_count: None,
        max_fields_count: Some(FIELDS),
        max_enum_variants_count: Some(FIELDS),
        max_subst_ty_len: SubstTyLen::Unlimited,
        show_drop_glue: false,
        ra_fixture: RaFixtureConfig::default(),
    }
}
