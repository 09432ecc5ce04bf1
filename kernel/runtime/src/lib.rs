//! The one prebuilt library every cell links to: lessons, tch, plotters and the variable store.
