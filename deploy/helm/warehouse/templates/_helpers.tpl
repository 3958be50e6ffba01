{{/* Labels of every object; those of a pod's own service are its name. */}}
{{- define "warehouse.labels" -}}
app.kubernetes.io/part-of: marketplace-warehouse
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{- define "warehouse.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}

{{/* Which secrets each service is told: a key of the Secret has the name of the variable; `optional` ones may be missing. */}}
{{- define "warehouse.secrets" -}}
migrate:
  required: [CLICKHOUSE_ADMIN_PASSWORD, CLICKHOUSE_LOADER_PASSWORD, CLICKHOUSE_TRANSFORMER_PASSWORD, CLICKHOUSE_READER_PASSWORD, PII_HMAC_SECRET]
api:
  required: [CLICKHOUSE_READER_PASSWORD, API_METRICS_TOKEN, REPORT_LINK_SECRET, REPORTS_DATABASE_URL{{ if not .Values.settings.API_JWKS_URL }}, API_JWT_SECRET{{ end }}]
  optional: [API_REDIS_URL, API_EVENTS_KEY, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY]
collector:
  required: [CLICKHOUSE_LOADER_PASSWORD, PII_HMAC_SECRET, COLLECTOR_API_KEYS]
rabbitmq:
  required: [CLICKHOUSE_LOADER_PASSWORD, PII_HMAC_SECRET, RABBITMQ_URL]
kafka:
  required: [CLICKHOUSE_LOADER_PASSWORD, PII_HMAC_SECRET]
  optional: [KAFKA_SASL_PASSWORD]
dagster:
  required: [CLICKHOUSE_ADMIN_PASSWORD, CLICKHOUSE_LOADER_PASSWORD, CLICKHOUSE_TRANSFORMER_PASSWORD, CLICKHOUSE_READER_PASSWORD, PII_HMAC_SECRET, COLLECTOR_API_KEYS, REPORT_LINK_SECRET, REPORTS_DATABASE_URL{{ if .Values.dagster.jobs }}, DAGSTER_POSTGRES_URL{{ end }}]
  optional: [AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, RABBITMQ_URL, KAFKA_SASL_PASSWORD, POSTGRES_URL, SMTP_URL, ALERT_WEBHOOK_URL{{ if not .Values.dagster.jobs }}, DAGSTER_POSTGRES_URL{{ end }}]
{{- end }}

{{/*
A container of the image without rights: a list of the chart, its name, the command, whose secrets it is told, and its resources.
What only it has (ports, probes) follows the call.
*/}}
{{- define "warehouse.container" -}}
{{- $root := index . 0 }}
{{- $secrets := get (include "warehouse.secrets" $root | fromYaml) (index . 3) }}
{{- $secret := $root.Values.existingSecret -}}
- name: {{ index . 1 }}
  image: {{ include "warehouse.image" $root }}
  imagePullPolicy: {{ $root.Values.image.pullPolicy }}
  args: {{ index . 2 | toJson }}
  envFrom: [{configMapRef: {name: warehouse-settings}}]
  env:
    {{- range $secrets.required }}
    - {name: {{ . }}, valueFrom: {secretKeyRef: {name: {{ $secret }}, key: {{ . }}}}}
    {{- end }}
    {{- range $secrets.optional }}
    - {name: {{ . }}, valueFrom: {secretKeyRef: {name: {{ $secret }}, key: {{ . }}, optional: true}}}
    {{- end }}
    {{- if eq (index . 1) "collector" }}
    {{- if $root.Values.home.shared }}
    # Each has a spool of its own in the home, and finds it again.
    - {name: COLLECTOR_NAME, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
    {{- end }}
    {{- end }}
  securityContext: {allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: {drop: [ALL]}}
  resources: {{ index . 4 | toJson }}
  volumeMounts:
    - {name: home, mountPath: /var/lib/warehouse}
    - {name: tmp, mountPath: /tmp}
{{- end }}

{{/* What all pods have in common: who they are, and that changed settings start them anew. */}}
{{- define "warehouse.pod" -}}
{{- with .Values.image.pullSecrets -}}
imagePullSecrets: {{ toJson . }}
{{ end -}}
securityContext: {runAsNonRoot: true, runAsUser: 10001, runAsGroup: 10001, fsGroup: 10001, fsGroupChangePolicy: OnRootMismatch, seccompProfile: {type: RuntimeDefault}}
{{- end }}

{{- define "warehouse.annotations" -}}
checksum/settings: {{ include (print .Template.BasePath "/settings.yaml") . | sha256sum }}
{{- end }}

{{- define "warehouse.home" -}}
- {name: home, persistentVolumeClaim: {claimName: {{ .Values.home.existingClaim | default "home" }}}}
- {name: tmp, emptyDir: {}}
{{- end }}

{{- define "warehouse.collector" -}}
{{ include "warehouse.container" (list . "collector" (list "collect") "collector" .Values.collector.resources) }}
  ports: [{name: collector, containerPort: 3004}]
  readinessProbe: {httpGet: {path: /health, port: collector}, periodSeconds: 10, timeoutSeconds: 5}
  startupProbe: {httpGet: {path: /health, port: collector}, periodSeconds: 2, failureThreshold: 60}
  livenessProbe: {tcpSocket: {port: collector}, periodSeconds: 20, failureThreshold: 6}
{{- end }}

{{- define "warehouse.scaling" -}}
minReplicas: {{ .minReplicas }}
maxReplicas: {{ .maxReplicas }}
metrics:
  - type: Resource
    resource: {name: cpu, target: {type: Utilization, averageUtilization: {{ .averageUtilization }}}}
behavior:
  scaleDown: {stabilizationWindowSeconds: 300}
{{- end }}
