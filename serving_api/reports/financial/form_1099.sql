/*
title: Payees of the United States, yearly totals
description: >-
  Payouts to US payees by calendar year, for Form 1099-NEC: those who were paid at least the threshold in a year.
  A payee is of the US when the first signup says so. Ids are masked; `payee_key` is the same for a payee in all reports.
  Only days of the report count, so ask for whole years. Payees whose signup names no country are listed with it empty,
  for someone to look at.
source: "creator-platform-epic-07-analytics-reporting.md: US-7.8, tax reporting (1099 for US creators)"
marts: [payouts, users]
grain: One row per year and payee at or above the threshold.
order: [year, payee_key]
columns:
  year: {type: UInt16, description: Calendar year of the payouts (UTC).}
  payee_key: {type: String, description: "First 16 digits of the SHA-256 of the payee's id, hexadecimal."}
  payee: {type: String, description: The last four characters of the payee's id.}
  country: {type: String, description: "`US`, or empty where it is not known."}
  payouts: {type: UInt64, total: true, description: Payouts in the year.}
  amount_usd: {type: "Decimal(38, 4)", total: true, description: Payouts in US dollars.}
  unconverted_count: {type: UInt64, total: true, description: "Payouts without a rate, missing from the dollars."}
*/
with known_users as (
    select
        user_id,
        multiIf(
            upper(country) in ('US', 'USA', 'UNITED STATES', 'UNITED STATES OF AMERICA'), 'US',
            country
        ) as country
    from users
    where user_id in (select payouts.user_id from payouts)
)

select
    toYear(paid.date) as year,
    lower(substring(hex(SHA256(paid.user_id)), 1, 16)) as payee_key,
    concat('***', if(lengthUTF8(any(paid.user_id)) > 8, substringUTF8(any(paid.user_id), -4), '')) as payee,
    any(known_users.country) as country,
    sum(paid.payouts) as payouts,
    sum(paid.amount_usd) as amount_usd,
    sum(paid.unconverted_count) as unconverted_count
from payouts as paid
left join known_users on paid.user_id = known_users.user_id
where paid.date between {start:Date} and {end:Date} and known_users.country in ('US', '')
group by
    year,
    payee_key
having amount_usd >= {threshold:Decimal(18, 4)}
order by
    year,
    payee_key
