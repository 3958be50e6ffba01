with feature_uses as (
    select *
    from {{ ref('stg_feature_uses') }}
    where {{ restated('date') }}
),

counted as (
    select
        date,
        feature,
        count() as uses,
        uniqExact(user_id) as users
    from feature_uses
    group by
        date,
        feature
)

select
    date,
    feature,
    uses,
    users
from counted
