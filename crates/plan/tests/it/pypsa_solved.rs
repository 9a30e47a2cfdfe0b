//! A network of two periods that PyPSA 1.4.0 solved (linopy 0.10.1, HiGHS 1.16.0), as it exported it: the import's optimum is PyPSA's.
//! Wind and stores in vintages, ramps, losses, a link to be built, and a limit of emissions that binds in the second period.

use plan::pypsa::import_into;

use crate::support::solved;

/// What PyPSA's own run came to.
const OBJECTIVE: f64 = 274_090_697.518_350_24;

const NETWORK: [(&str, &str); 12] = [
    (
        "network.csv",
        "name,_linearized_uc,_multi_invest,_objective,_objective_constant,pypsa_version,srid\n\
         Unnamed Network,0,1,274090697.51835024,0.0,1.4.0,4326\n",
    ),
    (
        "snapshots.csv",
        ",period,timestep,objective,stores,generators\n\
         0,2030,0,2190.0,1.0,2190.0\n\
         1,2030,1,2190.0,1.0,2190.0\n\
         2,2030,2,2190.0,1.0,2190.0\n\
         3,2030,3,2190.0,1.0,2190.0\n\
         4,2040,0,2190.0,1.0,2190.0\n\
         5,2040,1,2190.0,1.0,2190.0\n\
         6,2040,2,2190.0,1.0,2190.0\n\
         7,2040,3,2190.0,1.0,2190.0\n",
    ),
    (
        "investment_periods.csv",
        "period,objective,years\n\
         2030,7.25,10.0\n\
         2040,3.36,10.0\n",
    ),
    (
        "buses.csv",
        "name,control,generator,sub_network\n\
         north,Slack,wind 2030,0\n\
         south,Slack,gas 2030,1\n",
    ),
    (
        "carriers.csv",
        "name,co2_emissions\n\
         gas,0.2\n\
         wind,0.0\n\
         battery,0.0\n",
    ),
    (
        "generators.csv",
        "name,bus,control,p_nom_extendable,p_nom_max,carrier,marginal_cost,build_year,lifetime,capital_cost,efficiency,ramp_limit_up,ramp_limit_down,p_nom_opt\n\
         gas 2030,south,Slack,True,120.0,gas,55.0,2030,30.0,60000.0,0.5,0.4,0.5,4.280821917808219\n\
         wind 2030,north,Slack,True,200.0,wind,0.5,2030,15.0,95000.0,1.0,,,186.6953943771201\n\
         wind 2040,north,PQ,True,200.0,wind,0.5,2040,15.0,80000.0,1.0,,,162.53600963660142\n",
    ),
    (
        "generators-p_max_pu.csv",
        ",wind 2030,wind 2040\n\
         0,0.2,0.2\n\
         1,0.9,0.9\n\
         2,0.6,0.6\n\
         3,0.1,0.1\n\
         4,0.2,0.2\n\
         5,0.9,0.9\n\
         6,0.6,0.6\n\
         7,0.1,0.1\n",
    ),
    (
        "storage_units.csv",
        "name,bus,p_nom_extendable,p_nom_max,carrier,marginal_cost,capital_cost,build_year,lifetime,cyclic_state_of_charge,cyclic_state_of_charge_per_period,max_hours,efficiency_store,efficiency_dispatch,standing_loss,p_nom_opt\n\
         battery 2030,south,True,80.0,battery,0.1,12000.0,2030,20.0,True,True,2.0,0.95,0.9,0.01,80.0\n\
         battery 2040,south,True,80.0,battery,0.1,9000.0,2040,20.0,True,True,2.0,0.95,0.9,0.01,3.7960376808196266\n",
    ),
    (
        "links.csv",
        "name,bus0,bus1,carrier,build_year,lifetime,p_nom_extendable,p_nom_max,p_min_pu,capital_cost,p_nom_opt\n\
         tie,north,south,AC,2030,50.0,True,150.0,-1.0,9000.0,150.0\n",
    ),
    (
        "loads.csv",
        "name,bus\n\
         north,north\n\
         south,south\n",
    ),
    (
        "loads-p_set.csv",
        ",north,south\n\
         0,20.0,50.0\n\
         1,25.0,55.0\n\
         2,22.0,60.0\n\
         3,30.0,52.0\n\
         4,30.0,75.0\n\
         5,36.0,82.0\n\
         6,33.0,90.0\n\
         7,45.0,78.0\n",
    ),
    (
        "global_constraints.csv",
        "name,investment_period,sense,constant,mu\n\
         co2 2040,2040.0,<=,150000.0,-31.02679724920428\n",
    ),
];

#[test]
fn the_optimum_of_an_imported_network_of_two_periods_is_pypsas() {
    let dir = tempfile::tempdir().unwrap();
    let (from, out) = (dir.path().join("network"), dir.path().join("case"));
    std::fs::create_dir(&from).unwrap();
    NETWORK.iter().for_each(|(name, text)| std::fs::write(from.join(name), text).unwrap());
    import_into(&from, "EUR", &out).unwrap();
    let case = plan::case::load(&out).unwrap();
    let found = solved(&case).objective;
    assert!((found / OBJECTIVE - 1.0).abs() < 1e-6, "{found}");
    // The limit binds: without it the plan would be cheaper.
    std::fs::remove_file(from.join("global_constraints.csv")).unwrap();
    import_into(&from, "EUR", &dir.path().join("free")).unwrap();
    let free = solved(&plan::case::load(&dir.path().join("free")).unwrap()).objective;
    assert!(free < found * (1.0 - 1e-5), "{free} {found}");
}
