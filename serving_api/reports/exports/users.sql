/*
title: Users
description: Who has signed up, and the plan they are on.
source: "creator-platform-epic-07-analytics-reporting.md: US-7.10, export users (with role filter)"
marts: [users]
grain: One row per user with a signup.
order: [user_id]
filters:
  - name: role
    type: choices
    choices: [uploader, creator, freelancer, client, customer, vendor, candidate, employer]
    default: []
    description: Roles to keep; all without any.
  - name: plan_tier
    type: string
    description: The plan they are on.
  - name: country
    type: string
    description: Country as the signup has it.
columns:
  user_id: {type: String, description: The user.}
  role: {type: String, description: Role of the first signup.}
  plan_tier: {type: String, description: "Plan of the last plan change, else of the first signup."}
  country: {type: String, description: "Country of the first signup, else empty."}
  date: {type: Date, description: UTC day of the first signup.}
  signed_up_at: {type: "DateTime64(3, 'UTC')", description: Instant of the first signup.}
*/
select
    user_id,
    role,
    plan_tier,
    country,
    date,
    signed_up_at
from users
where
    date between {start:Date} and {end:Date}
    and (empty({role:Array(String)}) or has({role:Array(String)}, role))
    and ({plan_tier:Nullable(String)} is null or plan_tier = {plan_tier:Nullable(String)})
    and ({country:Nullable(String)} is null or country = {country:Nullable(String)})
order by user_id
