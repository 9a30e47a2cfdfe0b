//! Public behaviour of `policy`: one binary, one module per subject.

mod compiling;
mod deciding;
mod memo;
mod naive;
mod oracle;
mod order;
mod schema_page;
mod shadow;
mod world;
