/*
path: /explain/job-success-score
summary: Where a job success score comes from
description: >-
  What every contract of the last two years brings, and could have brought, in points of the score. The contributions, the
  bonus for clients who came back and what rounding adds are exactly the score. Also what it was in the last generation of an
  earlier day that is kept.
source: "issue 5: explain; contract/marts.md: job_success_score"
marts: [job_success_contracts, job_success_score]
roles: [admin, analyst, freelancer]
shape: object
grain: A freelancer.
absent: No contract of this freelancer ended in the window.
parameters: [userId]
parts:
  score:
    shape: fields
    columns:
      freelancer_id: {type: String, description: The freelancer., of: job_success_score.freelancer_id}
      as_of: {type: Date, description: Last day of the window.}
      jss: {type: Float64, description: "Score from 0 to 100, with two digits.", of: job_success_score.jss}
      contract_points: {type: "Decimal(38, 6)", description: Contributions of all contracts.}
      clients: {type: UInt64, description: Distinct clients., of: job_success_score.clients}
      long_term_clients: {type: UInt64, description: Of them those with at least two successful contracts., of: job_success_score.long_term_clients}
      long_term_points: {type: "Decimal(18, 6)", description: "Ten times their share, the bonus."}
      rounding: {type: "Decimal(38, 6)", description: "What is left to the score, less than a hundredth."}
  contracts:
    description: "The contracts, what cost most first."
    order: [-lost_points, -contract_id]
    columns:
      contract_id: {type: String, description: The contract.}
      client_id: {type: String, description: The client.}
      completed_date: {type: Date, description: UTC day on which it ended.}
      value_usd: {type: "Decimal(18, 4)", description: Its value in US dollars.}
      weight: {type: Float64, description: "How much it counts, 1 to 10: the natural logarithm of its value and one."}
      outcome: {type: String, description: "`success`, `cancelled` or `disputed`."}
      outcome_factor: {type: Float64, description: "1, 0.5 or 0."}
      feedback_score: {type: "Nullable(Decimal(18, 15))", description: "Last score of the client, 1 to 5; null without any."}
      feedback_factor: {type: Float64, description: "0 for a score of 1 up to 1 for a score of 5, 0.75 without any."}
      points: {type: "Decimal(18, 6)", description: "Its contribution: 90 times its part of all weights, times both factors."}
      lost_points: {type: "Decimal(18, 6)", description: What it would have brought beyond that with both factors 1.}
  earlier:
    description: The score in the last generation of an earlier day that is kept; null where there is none.
    shape: object
    columns:
      generation: {type: Nullable(UInt64), description: That generation.}
      jss: {type: Nullable(Float64), description: The score in it., of: job_success_score.jss}
      change: {type: Nullable(Float64), description: The score less that.}
      contracts_added: {type: Nullable(Int64), description: Contracts in the window more than then.}
      clients_added: {type: Nullable(Int64), description: Clients more than then.}
      long_term_clients_added: {type: Nullable(Int64), description: Clients who came back more than then.}
*/
-- part: score
with contributions as (
    select
        toDecimal64(
            toInt64(round(90000000 * weight * outcome_factor * feedback_factor / sum(weight) over ())), 6
        ) / 1000000 as points
    from job_success_contracts
    where freelancer_id = {userId:String}
),

total as (
    select sum(points) as contract_points
    from contributions
)

select
    scores.freelancer_id as freelancer_id,
    scores.as_of as as_of,
    scores.jss as jss,
    total.contract_points as contract_points,
    scores.clients as clients,
    scores.long_term_clients as long_term_clients,
    toDecimal64(
        toInt64(round(10000000 * scores.long_term_clients / scores.clients)), 6
    ) / 1000000 as long_term_points,
    toDecimal128(toInt64(round(scores.jss * 100)), 6) / 100 - total.contract_points - long_term_points as rounding
from job_success_score as scores
cross join total
where scores.freelancer_id = {userId:String};

-- part: contracts
select
    contract_id,
    client_id,
    completed_date,
    value_usd,
    weight,
    outcome,
    outcome_factor,
    feedback_score,
    feedback_factor,
    toDecimal64(
        toInt64(round(90000000 * weight * outcome_factor * feedback_factor / sum(weight) over ())), 6
    ) / 1000000 as points,
    toDecimal64(toInt64(round(90000000 * weight / sum(weight) over ())), 6) / 1000000 - points as lost_points
from job_success_contracts
where freelancer_id = {userId:String}
order by
    lost_points desc,
    contract_id desc;

-- part: earlier
with latest as (
    select
        maxOrNull(jss) as jss,
        toInt64(any(contracts_completed)) as contracts_completed,
        toInt64(any(clients)) as clients,
        toInt64(any(long_term_clients)) as long_term_clients
    from job_success_score
    where freelancer_id = {userId:String}
),

earlier as (
    select
        maxOrNull(jss) as jss,
        toInt64(maxOrNull(contracts_completed)) as contracts_completed,
        toInt64(maxOrNull(clients)) as clients,
        toInt64(maxOrNull(long_term_clients)) as long_term_clients
    from {earlier:Identifier}.job_success_score
    where freelancer_id = {userId:String} and {earlierGeneration:Nullable(UInt64)} is not null
)

select
    {earlierGeneration:Nullable(UInt64)} as generation,
    earlier.jss as jss,
    round(latest.jss - earlier.jss, 2) as change,
    latest.contracts_completed - earlier.contracts_completed as contracts_added,
    latest.clients - earlier.clients as clients_added,
    latest.long_term_clients - earlier.long_term_clients as long_term_clients_added
from latest
cross join earlier;
