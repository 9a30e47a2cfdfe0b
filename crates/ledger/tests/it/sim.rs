//! The log on a simulated disk: what is acknowledged and signed must survive everything that the storage contract
//! allows, at every call.

mod damage;
mod schedules;
mod world;
