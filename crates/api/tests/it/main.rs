//! What is told of the API is what there is.

mod described;
