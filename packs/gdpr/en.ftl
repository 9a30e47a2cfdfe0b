gdpr-transfer = Personal data leaves the European Economic Area only under a safeguard
    .plain = Where the data would rest outside the EEA, a decision of adequacy, binding corporate rules or standard clauses must protect it.
    .remedy = Send it to a deployment in the EEA, or conclude standard clauses with the provider and enter them as evidence `transfer_safeguard`.
gdpr-transfer-assessment = Clauses and binding rules rest on an assessment of the law of the country
    .plain = Paper alone does not protect: somebody must have looked at what the law there lets authorities do.
    .remedy = Carry out the transfer impact assessment and enter evidence `transfer_assessment` = "done" for the provider.
gdpr-remote-access = Access from a third country counts as a transfer
    .plain = Data that rests in the EEA still leaves it when an operator of a third country can look in for support, administration or updates.
    .remedy = Use a provider without such access, or one under a safeguard entered as evidence `transfer_safeguard`.
gdpr-processor = Personal data goes to a processor only under a contract
    .plain = Whoever works on personal data for somebody else does so under a contract that says what, how long and on whose instructions.
    .remedy = Sign the contract of Article 28 with the operator and enter evidence `processing_contract` = "signed" for the provider.
gdpr-special = Special data is processed only on a ground of Article 9
    .plain = Data about health, beliefs, origin and the like may not be processed at all, unless one of ten grounds applies, such as explicit consent.
    .remedy = Have the ground determined and enter its letter as evidence `article_9_ground` for the app, or leave the data out.
gdpr-assessment = High risk with special data is assessed before it begins
    .plain = Before a high-risk app works with special data, its effects on people are assessed in writing.
    .remedy = Carry out the assessment and enter evidence `data_protection_assessment` = "done" for the app.
gdpr-automated = No decision about a person is left to a machine without a ground of Article 22
    .plain = People have a right to a decision that a person made, unless a contract, a law or explicit consent lets a machine decide.
    .remedy = Let a person decide (`decision_effect`), or enter the letter of the ground as evidence `article_22_ground` for the app.
gdpr-retention = Personal data is kept no longer than its purpose needs
    .plain = What holds personal data has a last day, after which it is erased.
    .remedy = Set how long content is kept, and show that it is erased then.
