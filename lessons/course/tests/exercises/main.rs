//! Every exercise: right answers pass, the usual wrong ones do not and are told why, and a cell that
//! nobody touched is "not attempted". One module for each notebook, one test for each exercise.

mod harness;
mod help;
mod store;
mod whole;

mod n01;
mod n02;
mod n03;
mod n04;
mod n05;
mod n06;
mod n07;
mod n08;
mod n09;
mod n10;
mod n11;
mod n12;
mod n13;
mod n14;
mod n15;
