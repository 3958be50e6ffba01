with postings as (
    select *
    from {{ ref('stg_jobs_posted') }}
    where {{ restated('date') }}
),

jobs as (
    select *
    from {{ folded('int_jobs__folded') }}
    where job_id in (select postings.job_id from postings)
),

posted as (
    select
        posting.date as date,
        posting.category as category,
        filling.id != '' as is_filled,
        closing.id != '' as is_closed,
        greatest(0, dateDiff('millisecond', posting.at, filling.at)) as ms_to_fill
    from jobs
    where {{ restated('posting.date') }}
),

counted as (
    select
        date,
        category,
        count() as jobs_posted,
        countIf(is_filled) as jobs_filled,
        countIf(is_closed and not is_filled) as jobs_withdrawn,
        countIf(not is_closed and not is_filled) as open_jobs,
        sumIf(ms_to_fill, is_filled) as total_ms_to_fill
    from posted
    group by
        date,
        category
)

select
    date,
    category,
    jobs_posted,
    jobs_filled,
    jobs_filled / nullIf(jobs_posted, 0) as fill_rate,
    total_ms_to_fill / nullIf(jobs_filled, 0) / 86400000 as avg_days_to_fill,
    jobs_withdrawn,
    open_jobs
from counted
