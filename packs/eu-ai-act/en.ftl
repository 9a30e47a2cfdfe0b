aia-prohibited = A prohibited practice is not served at all
    .plain = An app whose risk tier is `prohibited` does what the Act forbids, such as manipulating people to their harm or reading emotions at work. No model answers it.
    .remedy = Stop the use. If the tier is wrong, have the classification reviewed and change `risk_tier` of the app in the realm.
aia-oversight = A person who can do it watches a high-risk system
    .plain = Whoever uses a high-risk system has it watched by people with the competence, training and authority for it.
    .remedy = Name people who watch the app (`oversight`), and enter evidence `overseer_competence` = "shown" for it once their training and authority are on file.
aia-register = A public body uses no high-risk system that is not in the European database
    .plain = Authorities register before they use a high-risk system, and leave one that its provider did not register.
    .remedy = Register the use and enter evidence `eu_database` = "registered" for the app, with the number as its source.
aia-rights-assessment = A public body assesses the effect on fundamental rights before a high-risk system is used
    .plain = Before the first use, the authority writes down whom the system touches, what could go wrong, and what is done then.
    .remedy = Carry the assessment out and enter evidence `rights_assessment` = "done" for the app.
aia-interaction = People are told that they talk to a machine
    .plain = Where people talk to the app directly, they learn at the latest with the first answer that it is a machine, unless that is plain to see.
    .remedy = Show the label in the app. If only systems use it, enter evidence `end_users` = "systems" for the app.
aia-marking = What a machine wrote is marked so that machines can tell
    .plain = Text, sound, pictures and films that a model made carry a mark that programs can read.
    .remedy = Mark the answers where they leave the app.
aia-logs = Logs of a high-risk system are kept for at least six months
    .plain = Six months are the least; another law may ask for longer, and data protection for less of personal data.
    .remedy = Keep the ledger for at least 184 days.
aia-affected = Whoever a high-risk system helps to decide about is told so
    .plain = People learn that a high-risk system had a part in a decision about them.
    .remedy = Tell the person together with the decision.
aia-model-documents = The developer of a general-purpose model hands on its documents
    .plain = Those who build on a general-purpose model get documents about what it can and cannot do.
    .remedy = Ask the developer for the documents and enter evidence `downstream_documents` = "held" for the model.
