with workers as (
    select *
    from {{ folded('int_freelancers__folded') }}
),

users as (
    select *
    from {{ ref('int_users__signed_up') }}
    where role = 'freelancer'
),

freelancers as (
    select user_id from workers
    union distinct
    select user_id from users
),

earnings as (
    select *
    from {{ ref('int_earnings__by_job') }}
),

contracts as (
    select *
    from {{ folded('int_contracts__folded') }}
),

scores as (
    select *
    from {{ ref('job_success_score') }}
),

proposals as (
    select *
    from {{ folded('int_proposals__folded') }}
),

jobs as (
    select *
    from {{ folded('int_jobs__folded') }}
),

profile_views as (
    select *
    from {{ ref('int_profile_views__daily') }}
),

earned as (
    select
        user_id,
        sum(earnings_usd) as total_usd,
        sumIf(earnings_usd, job_id != '') as projects_usd,
        uniqExactIf(job_id, job_id != '') as projects
    from earnings
    group by user_id
),

completed as (
    select
        completion.freelancer_id as freelancer_id,
        count() as jobs_completed
    from contracts
    where completion.id != '' and completion.outcome = 'success'
    group by freelancer_id
),

settled_jobs as (
    select jobs.job_id as job_id
    from jobs
    where jobs.filling.id != '' or jobs.closing.id != ''
),

offered as (
    select
        sending.freelancer_id as freelancer_id,
        count() as active_proposals
    from proposals
    where
        sending.id != ''
        and acceptance.id = ''
        and sending.job_id not in (select settled_jobs.job_id from settled_jobs)
    group by freelancer_id
),

viewed as (
    select
        profile_user_id,
        sum(profile_views) as views
    from profile_views
    group by profile_user_id
),

joined as (
    select
        freelancers.user_id as user_id,
        toDecimal64(earned.total_usd, 4) as total_earnings_usd,
        cast(
            round(toDecimal128(earned.projects_usd, 10) / nullIf(earned.projects, 0), 4)
            as Nullable(Decimal(18, 4))
        ) as average_project_usd,
        completed.jobs_completed as jobs_completed,
        if(scores.freelancer_id = '', null, scores.jss) as jss,
        offered.active_proposals as active_proposals,
        viewed.views as profile_views
    from freelancers
    left join earned on freelancers.user_id = earned.user_id
    left join completed on freelancers.user_id = completed.freelancer_id
    left join scores on freelancers.user_id = scores.freelancer_id
    left join offered on freelancers.user_id = offered.freelancer_id
    left join viewed on freelancers.user_id = viewed.profile_user_id
)

select
    user_id,
    total_earnings_usd,
    average_project_usd,
    jobs_completed,
    jss,
    active_proposals,
    profile_views
from joined
