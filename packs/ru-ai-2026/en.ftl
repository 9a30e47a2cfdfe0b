ru-ai-trusted = State systems use only models of the trusted registry
    .plain = The bill lets state information systems, and significant critical infrastructure that the state owns, use only models that the registry lists.
    .remedy = Use a model with `registries = ["trusted"]`, or enter evidence `state_system` = "no" for an app that is neither.
ru-ai-home = Every step of a state system's processing stays in Russia
    .plain = Not only the model: the gateway, the logs and the telemetry are steps of the processing too.
    .remedy = Use a deployment in Russia and enter evidence `processing_places` = "RU only" for it once each step was looked at.
ru-ai-official = An official, not the model, answers for a public decision
    .plain = Where an authority decides with the help of a model, a named official acts on each answer.
    .remedy = Put an official in the loop: `oversight = "in_loop"` and `overseer` of the app.
ru-ai-label = Synthetic content is labelled
    .plain = People can see that a machine made what they read, hear or look at.
    .remedy = Label the answers where they leave the app.
