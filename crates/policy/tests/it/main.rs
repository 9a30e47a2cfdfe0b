//! Public behaviour of `policy`: one binary, one module per subject.

mod compiling;
mod deciding;
mod depth;
mod duties;
mod explaining;
mod golden;
mod memo;
mod naive;
mod oracle;
mod order;
mod packs;
mod random;
mod real;
mod republic;
mod sandbox;
mod schema_page;
mod shadow;
mod world;
