//! `debug_request`: the list of variables that JupyterLab shows beside a notebook. There is no debugger
//! behind it: what would stop a cell is refused. Knows nothing of how values are looked at.

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

use super::{RequestError, parse};
use crate::kernel::Kernel;
use crate::wire::Message;

/// How long a panel that opens waits for values. They cannot be looked at while a cell runs; then it
/// gets what is known, and the rest when the cell is over.
const PATIENCE: Duration = Duration::from_millis(300);

const NO_DEBUGGER: &str =
    "this kernel shows variables and stops at no line: Rust cells run compiled";

/// A request of the Debug Adapter Protocol.
#[derive(Deserialize)]
struct DebugRequest {
    command: String,
    #[serde(default)]
    seq: i64,
    #[serde(default)]
    arguments: Value,
}

pub(super) async fn content(kernel: &Kernel, request: &Message) -> Result<Value, RequestError> {
    let wanted: DebugRequest = parse(request)?;
    let DebugRequest {
        command,
        seq,
        arguments,
    } = wanted;
    let answer = body(kernel, &command, &arguments).await;
    let (success, message, body) = match answer {
        Ok(body) => (true, "", body),
        Err(Refused { message, body }) => (false, message, body),
    };
    Ok(json!({
        "type": "response",
        "seq": seq,
        "request_seq": seq,
        "command": command,
        "success": success,
        "message": message,
        "body": body,
    }))
}

/// JupyterLab reads the body of a refusal too.
struct Refused {
    message: &'static str,
    body: Value,
}

fn refused(message: &'static str) -> Refused {
    let body = json!({});
    Refused { message, body }
}

async fn body(kernel: &Kernel, command: &str, arguments: &Value) -> Result<Value, Refused> {
    let variables = &kernel.variables;
    Ok(match command {
        "debugInfo" => json!({
            "isStarted": variables.watched(),
            // How JupyterLab names cells in breakpoints, of which there are none.
            "hashMethod": "Murmur2",
            "hashSeed": 0,
            "tmpFilePrefix": "gradbook-cell-",
            "tmpFileSuffix": ".rs",
            "breakpoints": [],
            "stoppedThreads": [],
            "richRendering": true,
            "exceptionPaths": [],
            "copyToGlobals": false,
        }),
        "initialize" => json!({ "exceptionBreakpointFilters": [] }),
        "attach" => {
            variables.watch(true);
            let looked = tokio::time::timeout(PATIENCE, kernel.evaluator.look()).await;
            if looked.is_err() {
                tracing::debug!("a cell runs: its variables are looked at when it is over");
            }
            json!({})
        }
        "disconnect" => {
            variables.watch(false);
            json!({})
        }
        "configurationDone" | "setExceptionBreakpoints" => json!({}),
        "inspectVariables" => json!({ "variables": variables.list() }),
        "variables" => {
            let number = arguments["variablesReference"].as_u64().unwrap_or(0);
            json!({ "variables": variables.unfold(number) })
        }
        "richInspectVariables" => {
            let name = arguments["variableName"].as_str().unwrap_or("");
            let Some(text) = variables.text(name) else {
                return Err(refused("there is no such variable"));
            };
            json!({ "data": { "text/plain": text }, "metadata": {} })
        }
        "dumpCell" => json!({ "sourcePath": "gradbook-cell-.rs" }),
        // An unverified breakpoint would be drawn like any other.
        "setBreakpoints" => {
            let body = json!({ "breakpoints": [] });
            let message = NO_DEBUGGER;
            return Err(Refused { message, body });
        }
        "threads" => json!({ "threads": [] }),
        "stackTrace" => json!({ "stackFrames": [] }),
        "scopes" => json!({ "scopes": [] }),
        _ => return Err(refused(NO_DEBUGGER)),
    })
}
