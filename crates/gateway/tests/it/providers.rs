//! Providers that speak other languages: the stand-ins of `testkit`, each as strict as its provider is known to be.

mod anthropic_clients;
mod aside;
mod chats;
mod completions;
mod embeddings;
mod iam;
mod images;
mod law;
mod responses_clients;
mod tokens;
mod world;
