export-user = Nobody on a list of denied parties is served
    .plain = The organisation that answers for the app was screened against the operator's lists. A hit, or no screening, means no service.
    .remedy = If the hit is a mistake, the compliance office clears it and renews the evidence `export_screening` of the organisation.
export-user-parent = Nobody is served whose ultimate parent is on a list of denied parties
    .plain = The last of the organisation's parents counts as the organisation itself does.
    .remedy = If the hit is a mistake, the compliance office clears it and renews the evidence `export_screening` of the parent.
export-supplier = Nothing goes to a supplier on a list of denied parties
    .plain = The operator of the provider was screened against the operator's lists. A hit, or no screening, means that nothing is sent.
    .remedy = If the hit is a mistake, the compliance office clears it and renews the evidence `export_screening` of the operator.
export-supplier-parent = Nothing goes to a supplier whose ultimate parent is on a list of denied parties
    .plain = The last of the operator's parents counts as the operator itself does.
    .remedy = If the hit is a mistake, the compliance office clears it and renews the evidence `export_screening` of the parent.
export-end-use = No denied end use is served
    .plain = What the app is for was compared with the operator's list of end uses. A hit, or no comparison, means no service.
    .remedy = The compliance office reviews the use; if it is not on the list, it enters evidence `export_end_use` = "cleared" for the app.
export-item = A listed model is served only under a licence
    .plain = A model on the operator's list of items needs a licence for the app that uses it.
    .remedy = Apply for the licence; once granted, the compliance office enters evidence `export_licence` = "granted" for the app with its last day.
export-place = Nobody in a denied place is served
    .plain = The end user is in a place that the operator's list denies.
    .remedy = If the place is wrong, have the app state the right one. Otherwise the request stays denied.
