report-table = Table
report-contents = Contents
report-ordered = from order to service
report-serves = in service
report-here = as things stand
report-no-places = no place has coordinates
