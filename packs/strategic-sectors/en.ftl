# What the rules say to people. The title is the rule's own; `.plain` is for somebody who has not read the law, `.remedy` says what would make a request pass.

strategic-sectors = Strategic sectors use models of home, run by operators that only home can compel
    .plain = Finance and health are strategic here. Their AI must be a model made at home, run by somebody whom no other country can order about.
    .remedy = Use a route with a model of home origin at an operator under home control alone.
strategic-sectors-amendment = Industry and transport are strategic too
    .plain = From July 2027 the same holds for manufacturing and transport.
    .remedy = Before that day, give the app a route with a model of home origin at an operator under home control alone.
transfer-safeguard = Personal data goes abroad only under a safeguard
    .plain = Personal data may leave home, or reach an operator whom another country can compel, only where a decision of adequacy, binding rules or standard clauses protect it.
    .remedy = Conclude standard clauses with the provider and enter them as evidence `transfer_safeguard`, or send the data to a deployment at home.
transfer-origin = Personal data never goes to an operator that another country can compel
    .plain = The draft looks only at where the data rests and who can compel the operator. A safeguard would no longer help.
    .remedy = Use a deployment at home whose operator only home can compel.
