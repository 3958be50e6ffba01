/*
path: /api/v1/marts/job_success_score
summary: Job success score of freelancers
description: >-
  The score and what it is made of, over contracts completed in the 730 days up to `as_of`. Freelancers see their own row.
source: "contract/marts.md: job_success_score"
marts: [job_success_score]
roles: [admin, analyst, freelancer]
grain: One row per freelancer with a completed contract in the window.
order: [freelancer_id]
parameters:
  - name: freelancerId
    type: string
    description: Only this freelancer.
  - limit
  - cursor
columns:
  freelancer_id: {type: String, description: The freelancer.}
  as_of: {type: Date, description: Last day of the window.}
  jss: {type: Float64, description: Score from 0 to 100.}
  contracts_completed: {type: UInt64, description: "Contracts ended in the window, whatever the outcome."}
  contracts_successful: {type: UInt64, description: Of them those with outcome `success`.}
  avg_feedback_score: {type: Nullable(Float64), description: "Mean of the last score of each contract, 1 to 5; null without any."}
  contract_value_usd: {type: "Decimal(18, 4)", description: Value of the contracts in US dollars.}
  clients: {type: UInt64, description: Distinct clients.}
  long_term_clients: {type: UInt64, description: Of them those with at least two successful contracts.}
*/
select
    freelancer_id,
    as_of,
    jss,
    contracts_completed,
    contracts_successful,
    avg_feedback_score,
    contract_value_usd,
    clients,
    long_term_clients
from job_success_score
where
    ({sees_all:Bool} or freelancer_id = {subject:String})
    and freelancer_id = coalesce({freelancerId:Nullable(String)}, freelancer_id)
order by freelancer_id
limit {limit:UInt64} offset {offset:UInt64}
