//! Networks as PyPSA writes them: taken with its defaults, or refused by name with nothing written.

use std::path::Path;

use plan::pypsa::{ImportError, import_into};

use crate::support::solved;

const NETWORK: [(&str, &str); 7] = [
    ("network.csv", "name,pypsa_version\n,1.4.0\n"),
    (
        "snapshots.csv",
        ",period,timestep,objective,stores,generators\n0,2030,0,10.0,1.0,10.0\n1,2030,1,10.0,1.0,10.0\n\
         2,2040,0,10.0,1.0,10.0\n3,2040,1,10.0,1.0,10.0\n",
    ),
    ("investment_periods.csv", "period,objective,years\n2030,2.0,10.0\n2040,1.0,10.0\n"),
    ("buses.csv", "name,carrier\nNorth Bus,AC\nSouth Bus,AC\n"),
    ("carriers.csv", "name,co2_emissions\ngas,0.2\n"),
    (
        "generators.csv",
        "name,bus,carrier,p_nom_extendable,p_nom_max,marginal_cost,capital_cost,efficiency,build_year,lifetime\n\
         gas 2030,North Bus,gas,True,100.0,10.0,100.0,0.5,2030,10.0\n\
         gas 2040,North Bus,gas,True,inf,20.0,150.0,0.5,2040,10.0\n",
    ),
    ("links.csv", "name,bus0,bus1,p_nom,p_min_pu\ntie,North Bus,South Bus,50.0,-1.0\n"),
];

fn network(dir: &Path, more: &[(&str, &str)]) {
    let loads = [
        ("loads.csv", "name,bus\nport,South Bus\n"),
        ("loads-p_set.csv", "period,timestep,port\n2030,0,4.0\n2030,1,5.0\n2040,0,6.0\n2040,1,8.0\n"),
    ];
    for (name, text) in NETWORK.iter().chain(&loads).chain(more) {
        std::fs::write(dir.join(name), text).unwrap();
    }
}

#[test]
fn a_network_of_two_periods_means_the_same() {
    let dir = tempfile::tempdir().unwrap();
    let (from, out) = (dir.path().join("network"), dir.path().join("case"));
    std::fs::create_dir(&from).unwrap();
    network(&from, &[]);
    import_into(&from, "USD", &out).unwrap();
    let case = plan::case::load(&out).unwrap();
    assert_eq!((case.currency.as_str(), case.sites.len(), case.hours.count()), ("USD", 2, 2));
    // 5 MW at 100 for a weight of 2, and 9 MWh, ten times, at 10; then 8 MW at 150 and 14 MWh at 20.
    let by_hand = 2.0 * (500.0 + 900.0) + (1200.0 + 2800.0);
    assert!((solved(&case).objective - by_hand).abs() < 1e-6 * by_hand);
}

#[test]
fn a_limit_of_emissions_is_taken_with_its_period() {
    let dir = tempfile::tempdir().unwrap();
    let (from, out) = (dir.path().join("network"), dir.path().join("case"));
    std::fs::create_dir(&from).unwrap();
    let limit = "name,type,investment_period,carrier_attribute,sense,constant\n\
                 co2 2040,primary_energy,2040.0,co2_emissions,<=,500.0\n";
    network(&from, &[("global_constraints.csv", limit)]);
    import_into(&from, "EUR", &out).unwrap();
    let case = plan::case::load(&out).unwrap();
    // 14 MWh, ten times a year, ten years, at 0.4 t each.
    let found = plan::solve::solve(&case, &plan::solve::Options::default(), &mut |_| ());
    assert_eq!(found.unwrap_err(), plan::solve::Failure::Infeasible);
    let plan::why::Answer::Infeasible(why) = plan::why::why(&case, &plan::solve::Options::default()).unwrap() else {
        panic!("there is no plan");
    };
    assert_eq!(why.causes.iter().map(|it| it.limit.as_str()).collect::<Vec<_>>(), ["policy.co2-2040"]);
}

#[test]
fn what_a_case_cannot_say_is_refused_by_name_and_nothing_is_written() {
    let dir = tempfile::tempdir().unwrap();
    let (from, out) = (dir.path().join("network"), dir.path().join("case"));
    std::fs::create_dir(&from).unwrap();
    let committed = "name,bus,committable,p_nom,start_up_cost\ncoal,North Bus,True,10.0,500.0\n";
    network(&from, &[("generators.csv", committed), ("stores.csv", "name,bus\ntank,North Bus\n")]);
    let Err(ImportError::Refused(refused)) = import_into(&from, "EUR", &out) else { panic!("it was taken") };
    let mut named: Vec<(&str, &str)> = refused.iter().map(|it| (it.file.as_str(), it.field.as_str())).collect();
    named.sort_unstable();
    assert_eq!(
        named,
        [("generators.csv", "committable"), ("generators.csv", "start_up_cost"), ("stores.csv", "component"),]
    );
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
}
