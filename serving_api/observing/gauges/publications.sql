/*
metrics:
  warehouse_publications_total: {type: counter, help: Generations published so far.}
  warehouse_rollbacks_total: {type: counter, help: How often readers were taken back to an older one.}
  warehouse_build_tests_passed: {help: Tests that passed in the build of the generation in force.}
  warehouse_build_tests_warned: {help: Tests that failed in it and only warn.}
  warehouse_ledger_published_commits: {help: Commits of the ledger that it has.}
*/
select
    countIf(action = 'publish') as warehouse_publications_total,
    countIf(action = 'rollback') as warehouse_rollbacks_total,
    argMax(tests_passed, sequence) as warehouse_build_tests_passed,
    argMax(tests_failed, sequence) as warehouse_build_tests_warned,
    argMax(commit_seq, sequence) as warehouse_ledger_published_commits
from marts.publications
