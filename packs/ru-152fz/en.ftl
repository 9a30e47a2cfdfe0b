ru-localisation = Data of Russian citizens is first recorded in Russia
    .plain = When data of Russian citizens is collected, it may not be recorded or kept in databases outside Russia. Whether a later copy may go abroad is read differently.
    .remedy = Use a deployment in Russia, or show that the app's first record is made there: evidence `first_record` = "RU". If the app knows no Russian citizens, enter `russian_citizens` = "no".
ru-cross-border = The authority is told before personal data crosses the border
    .plain = A Russian operator notifies the supervisory authority before it begins to send personal data abroad.
    .remedy = File the notice and enter evidence `cross_border_notice` = "filed" for the organisation, or use a deployment in Russia.
ru-special = Special categories are processed only on a ground of Article 10
    .plain = Data about health, beliefs, origin and the like needs one of the grounds that the law lists, most often a written consent.
    .remedy = Have the ground determined and enter it as evidence `article_10_ground` for the app.
ru-assignment = Personal data is handed to another for processing only by assignment
    .plain = Whoever processes data for the operator does so under an assignment that says what is done and how it is protected.
    .remedy = Conclude the assignment and enter evidence `processing_contract` = "signed" for the provider.
