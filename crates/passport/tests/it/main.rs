//! What documents say of models, read and written.

mod anything;
mod forms;
mod round;
mod sheets;
mod support;
