/*
title: Assignments
description: Every assignment that has been created, and whether it is done. Days are those of the creation.
source: "creator-platform-epic-07-analytics-reporting.md: US-7.10, export assignments"
marts: [assignments]
grain: One row per assignment.
order: [date, user_id, assignment_id]
filters:
  - name: status
    type: choices
    choices: [open, completed]
    default: []
    description: States to keep; all without any.
  - name: output_type
    type: string
    description: Kind of output.
  - name: user_id
    type: string
    max_length: 255
    description: The uploader.
  - name: creator_id
    type: string
    max_length: 255
    description: Who completed it.
columns:
  date: {type: Date, description: UTC day of its first creation.}
  user_id: {type: String, description: The uploader.}
  assignment_id: {type: String, description: The assignment.}
  upload_id: {type: String, description: The upload it was cut out of.}
  creator_id: {type: String, description: "Who completed it first, else empty."}
  output_type: {type: String, description: "Kind of output, else empty."}
  status: {type: String, description: "`completed` or `open`."}
  created_at: {type: "DateTime64(3, 'UTC')", description: Instant of its first creation.}
  due_at: {type: "Nullable(DateTime64(3, 'UTC'))", description: Its deadline; null without one.}
  completed_at: {type: "Nullable(DateTime64(3, 'UTC'))", description: When it was first completed; null if it has not been.}
*/
select
    date,
    user_id,
    assignment_id,
    upload_id,
    creator_id,
    output_type,
    status,
    created_at,
    due_at,
    completed_at
from assignments
where
    date between {start:Date} and {end:Date}
    and (empty({status:Array(String)}) or has({status:Array(String)}, status))
    and ({output_type:Nullable(String)} is null or output_type = {output_type:Nullable(String)})
    and ({user_id:Nullable(String)} is null or user_id = {user_id:Nullable(String)})
    and ({creator_id:Nullable(String)} is null or creator_id = {creator_id:Nullable(String)})
order by
    date,
    user_id,
    assignment_id
