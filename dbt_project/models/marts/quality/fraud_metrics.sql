with flagged as (
    select *
    from {{ ref('stg_flags_created') }}
    where {{ restated('date') }}
),

resolved as (
    select *
    from {{ ref('stg_flags_resolved') }}
    where {{ restated('date') }}
),

duplicates as (
    select *
    from {{ ref('stg_duplicates_blocked') }}
    where {{ restated('date') }}
),

known_flags as (
    select *
    from {{ folded('int_flags__folded') }}
    where
        flag_id in (select flagged.flag_id from flagged)
        or flag_id in (select resolved.flag_id from resolved)
),

flags as (
    select
        known_flags.flag_id as flag_id,
        known_flags.creation.id != '' as is_created,
        known_flags.creation.date as created_date,
        if(known_flags.creation.id != '', known_flags.creation.flag_type, '') as flag_type,
        known_flags.creation.id = '' or known_flags.creation.is_automatic as is_automatic,
        known_flags.resolution.id != '' as is_resolved
    from known_flags
),

resolutions as (
    select
        resolved.date as date,
        flags.flag_type as flag_type,
        resolved.flag_id as flag_id,
        resolved.outcome as outcome,
        flags.is_automatic as is_automatic
    from resolved
    inner join flags on resolved.flag_id = flags.flag_id
),

counted as (
    select
        created_date as date,
        flag_type,
        count() as flags_created,
        0 as flags_resolved,
        0 as confirmed,
        0 as false_positives,
        countIf(not is_resolved) as pending,
        0 as duplicates_blocked,
        0 as automatic_resolved,
        0 as automatic_confirmed
    from flags
    where is_created and {{ restated('created_date') }}
    group by
        created_date,
        flag_type
    union all
    select
        date,
        flag_type,
        0 as flags_created,
        uniqExact(flag_id) as flags_resolved,
        uniqExactIf(flag_id, outcome = 'confirmed') as confirmed,
        uniqExactIf(flag_id, outcome = 'false_positive') as false_positives,
        0 as pending,
        0 as duplicates_blocked,
        uniqExactIf(flag_id, is_automatic) as automatic_resolved,
        uniqExactIf(flag_id, is_automatic and outcome = 'confirmed') as automatic_confirmed
    from resolutions
    group by
        date,
        flag_type
    union all
    select
        date,
        '' as flag_type,
        0 as flags_created,
        0 as flags_resolved,
        0 as confirmed,
        0 as false_positives,
        0 as pending,
        count() as duplicates_blocked,
        0 as automatic_resolved,
        0 as automatic_confirmed
    from duplicates
    group by date
),

summed as (
    select
        date,
        flag_type,
        sum(flags_created) as all_created,
        sum(flags_resolved) as all_resolved,
        sum(confirmed) as all_confirmed,
        sum(false_positives) as all_false_positives,
        sum(pending) as all_pending,
        sum(duplicates_blocked) as all_duplicates,
        sum(automatic_resolved) as all_automatic_resolved,
        sum(automatic_confirmed) as all_automatic_confirmed
    from counted
    group by
        date,
        flag_type
)

select
    date,
    flag_type,
    toUInt64(all_created) as flags_created,
    toUInt64(all_resolved) as flags_resolved,
    toUInt64(all_confirmed) as confirmed,
    toUInt64(all_false_positives) as false_positives,
    toUInt64(all_pending) as pending,
    toUInt64(all_duplicates) as duplicates_blocked,
    all_false_positives / nullIf(all_confirmed + all_false_positives, 0) as false_positive_rate,
    toUInt64(all_automatic_resolved) as automatic_resolved,
    toUInt64(all_automatic_confirmed) as automatic_confirmed,
    all_automatic_confirmed / nullIf(all_automatic_resolved, 0) as flag_accuracy
from summed
