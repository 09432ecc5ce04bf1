//! Set-up: Python environment, libtorch, lessons library, kernelspec, JupyterLab.
