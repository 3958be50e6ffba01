"""The market in numbers: who comes, what they do, what it costs. Change these to change the market.

Shares are fractions, money is in cents of the currency named, lags are (median seconds, log-normal sigma).
"""

from __future__ import annotations

MINUTE, HOUR, DAY = 60, 3600, 86_400

# --- people -------------------------------------------------------------------------------------------
ROLES = ("customer", "client", "freelancer", "uploader", "creator", "candidate", "vendor", "employer")
ROLE_SHARES = (0.30, 0.13, 0.18, 0.09, 0.11, 0.10, 0.04, 0.05)
# Sessions a typical user of the role has in his first days; later ones thin out with the square root of age.
ROLE_SESSIONS = (3.4, 5.6, 7.0, 5.2, 7.6, 4.6, 4.0, 5.6)
RETENTION_SCALE_DAYS = 5
LIFETIME_DAYS = (22.0, 2.0)  # median and sigma: many leave within days, some stay for years
USER_ACTIVITY_PERCENT = (70, 0.85)  # median and sigma of a user's activity relative to his role's
LAUNCH_SHARE = 0.12  # of all signups, in the first two days (accounts moved from the predecessor)
GROWTH = 1.8  # signups per day at the end relative to the start
COUNTRIES = ("US", "GB", "DE", "FR", "ES", "BR", "CA", "IN", "NL", "PT")
COUNTRY_SHARES = (0.46, 0.12, 0.08, 0.05, 0.04, 0.09, 0.05, 0.06, 0.03, 0.02)
CURRENCIES = ("USD", "EUR", "GBP", "BRL")
COUNTRY_CURRENCY = (0, 2, 1, 1, 1, 3, 0, 0, 1, 1)
SIGNUP_METHODS = ("email", "google", "github", "linkedin", "apple")
SIGNUP_METHOD_SHARES = (0.52, 0.27, 0.08, 0.08, 0.05)
ABANDONED_SIGNUPS = 0.45  # signup.started without a signup, per signup
WEEKDAYS = (1.08, 1.12, 1.10, 1.06, 0.98, 0.72, 0.76)  # Monday first
HOURS = (30, 24, 20, 18, 18, 22, 30, 42, 56, 68, 76, 82, 84, 88, 92, 96, 98, 96, 92, 88, 84, 76, 60, 42)

# --- plans --------------------------------------------------------------------------------------------
PLANS = ("free", "basic", "pro", "business")
SIGNUP_PLAN_SHARES = (0.82, 0.08, 0.08, 0.02)
UPGRADE_PLAN_SHARES = (0.0, 0.45, 0.45, 0.10)
PLAN_PRICES = {  # per month; a year costs ten months
    "USD": (0, 900, 2900, 9900),
    "EUR": (0, 900, 2700, 9200),
    "GBP": (0, 800, 2400, 7900),
    "BRL": (0, 3900, 12900, 44900),
}
UPGRADE_PER_SESSION = 0.018
YEARLY_SHARE = 0.2
PAYMENT_FAILS, RETRY_WORKS = 0.05, 0.75
PLAN_UP, PLAN_DOWN, WIN_BACK = 0.05, 0.03, 0.18  # per cycle, per cycle, per cancellation
SUBSCRIPTION_LIFE = (120 * DAY, 1.1)

# --- jobs and contracts -------------------------------------------------------------------------------
JOB_CATEGORIES = (
    "web-development",
    "design",
    "writing",
    "data",
    "marketing",
    "video",
    "translation",
    "support",
)
JOB_CATEGORY_SHARES = (0.27, 0.19, 0.14, 0.12, 0.10, 0.08, 0.06, 0.04)
JOB_TYPES = ("fixed", "hourly")
BUDGET_CENTS = (45_000, 1.1)
JOBS_PER_SESSION = 0.24
PROPOSALS_PER_JOB = (0.06, 0.1, 0.14, 0.16, 0.15, 0.12, 0.1, 0.07, 0.05, 0.03, 0.02)
PROPOSAL_VIEWED, JOB_ACCEPTS = 0.72, 0.72
CONTRACT_LENGTH = (8 * DAY, 0.9)
OUTCOMES = ("success", "cancelled", "disputed")
OUTCOME_SHARES = (0.86, 0.09, 0.05)
FEEDBACK_GIVEN, CLIENT_RETURNS = 0.75, 0.38
GOOD_SCORES, BAD_SCORES = (0.01, 0.02, 0.08, 0.27, 0.62), (0.34, 0.27, 0.22, 0.11, 0.06)
PLATFORM_FEE_PERCENT = 10
REFUND_REASONS = ("requested_by_customer", "not_as_described", "duplicate", "fraudulent")
MATCHES_PER_JOB = (0.05, 0.08, 0.12, 0.15, 0.16, 0.14, 0.1, 0.08, 0.06, 0.04, 0.02)
MATCH_ACCEPTED, JOB_PLACES, PLACEMENT_ENDS = 0.4, 0.7, 0.6
PLACEMENT_LIFE = (30 * DAY, 0.9)
PLACEMENT_FEE_CENTS = (380_000, 0.45)
PLACEMENT_END_REASONS = ("resigned", "contract_ended", "performance", "redundancy")

# --- creators -----------------------------------------------------------------------------------------
OUTPUT_TYPES = ("executive_summary", "blog_post", "social_media", "key_insights", "other")
OUTPUT_SHARES = (0.35, 0.25, 0.20, 0.15, 0.05)
OUTPUT_PRICE = (4500, 6000, 2500, 3500, 3000)
CREATOR_SHARE_PERCENT = 60
# The creator-platform document shows the initials P, J, M, S, E. Level → completed assignments needed.
LEVELS = (("probation", 0), ("junior", 5), ("mid", 15), ("senior", 40), ("elite", 100))
UPLOADS_PER_SESSION = 0.42
CREATOR_HOURS = (14 * HOUR, 0.9)
DEADLINE_HOURS = (24, 36, 48, 72)
APPROVED, REVISION = (0.72, 0.82, 0.9), (0.22, 0.12, 0.0)  # by version; the rest is rejected
REVIEW_SCORES = (0.01, 0.03, 0.12, 0.40, 0.44)
REFUNDED_PAYMENTS = 0.06
PAYMENT_METHODS = ("card", "paypal", "bank_transfer", "wallet")
PAYOUT_METHODS = ("bank_transfer", "paypal", "stripe")

# --- shop ---------------------------------------------------------------------------------------------
PRODUCTS_PER_VENDOR = (0.05, 0.1, 0.15, 0.15, 0.12, 0.1, 0.08, 0.08, 0.06, 0.05, 0.03, 0.03)
PRODUCT_CENTS = (2400, 0.9)
SHOP_SESSIONS = 0.62
VIEWS_PER_SHOPPING = (0.0, 0.3, 0.24, 0.17, 0.12, 0.08, 0.05, 0.04)
ANONYMOUS_VIEWS = 0.25
ORDER_PER_VIEW, RATED_ORDERS = 0.07, 0.35
QUANTITIES = (0.0, 0.78, 0.14, 0.05, 0.03)

# --- chat: provider, model, share, cost per 1,000 tokens in 1/10,000 of a dollar, latency factor in % -----
MODELS = (
    ("openai", "gpt-5", 0.24, 60, 110),
    ("openai", "gpt-5-mini", 0.22, 12, 60),
    ("anthropic", "claude-sonnet", 0.22, 75, 105),
    ("anthropic", "claude-haiku", 0.12, 20, 55),
    ("google", "gemini-pro", 0.10, 50, 95),
    ("mistral", "mistral-large", 0.06, 40, 85),
    ("meta", "llama-70b", 0.04, 9, 130),
)
CHAT_SESSIONS, CONVERSATION_DELETED = 0.08, 0.08
MESSAGES = (0.0, 0.06, 0.1, 0.12, 0.13, 0.12, 0.1, 0.09, 0.08, 0.06, 0.05, 0.04, 0.03, 0.02)
TOKENS, LATENCY_MS = (420, 0.8), (900, 0.6)

# --- trust --------------------------------------------------------------------------------------------
FLAG_TYPES = ("duplicate_account", "payment_fraud", "spam", "fake_review", "multiple_failed_logins")
FLAG_TYPE_SHARES = (0.28, 0.2, 0.24, 0.16, 0.12)
FLAGGED_USERS, FLAG_AUTOMATIC, FLAG_RESOLVED, FLAG_CONFIRMED, SUSPENDED = 0.07, 0.85, 0.82, 0.5, 0.75
DUPLICATES_BLOCKED = 0.03  # per signup

# --- traffic and operations -----------------------------------------------------------------------------
SIGNIN, SIGNOUT, SEARCHES, FEATURES, PROFILE_VIEWS, JOB_VIEWS = 0.7, 0.24, 0.3, 0.32, 0.5, 0.75
SESSION_LENGTH = (9 * MINUTE, 0.9)
ELASTIC_SHARE = 0.27  # page.view and api.request, which fill up to the wanted number
PAGE_VIEW_PART, ANONYMOUS_PAGE_VIEWS = 0.78, 0.2
SAMPLED_SHARES = {"queue": 0.004, "storage": 0.002, "external": 0.004, "audit": 0.008}
ERROR_RATE, BURST_ERROR_RATE = 0.008, 0.3
TRAFFIC_DROP, REVENUE_SPIKE = 0.3, 5.0
