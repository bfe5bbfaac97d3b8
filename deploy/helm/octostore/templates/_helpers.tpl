{{- define "octostore.name" -}}
{{- .Values.nameOverride | default .Chart.Name | trunc 40 | trimSuffix "-" -}}
{{- end -}}

{{- define "octostore.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride -}}
{{- else if contains (include "octostore.name" .) .Release.Name -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "octostore.name" .) | trunc 50 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "octostore.selector" -}}
app.kubernetes.io/name: {{ include "octostore.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "octostore.labels" -}}
{{ include "octostore.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end -}}

{{- define "octostore.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}
{{- end -}}

{{- define "octostore.isPostgres" -}}
{{- if eq .Values.database "postgres" }}true{{ end -}}
{{- end -}}

{{/* A single server has nobody to send requests to instead, so it does not wait for that. */}}
{{- define "octostore.shutdownDelay" -}}
{{- if include "octostore.isPostgres" . }}{{ .Values.shutdownDelaySeconds }}{{ else }}0{{ end -}}
{{- end -}}

{{/* The pods of the Deployment and of the StatefulSet. */}}
{{- define "octostore.podTemplate" -}}
metadata:
  labels:
    {{- include "octostore.labels" . | nindent 4 }}
    {{- with .Values.podLabels }}{{ toYaml . | nindent 4 }}{{ end }}
  {{- with .Values.podAnnotations }}
  annotations: {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  serviceAccountName: {{ include "octostore.fullname" . }}
  automountServiceAccountToken: false
  # The addresses of other services would look like settings.
  enableServiceLinks: false
  # The server takes the delay and up to 10 seconds. The rest is for slow machines.
  terminationGracePeriodSeconds: {{ add (include "octostore.shutdownDelay" . | int) 25 }}
  securityContext:
    runAsNonRoot: true
    runAsUser: 10001
    runAsGroup: 10001
    fsGroup: 10001
    fsGroupChangePolicy: OnRootMismatch
    seccompProfile: { type: RuntimeDefault }
  {{- with .Values.imagePullSecrets }}
  imagePullSecrets: {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .Values.priorityClassName }}
  priorityClassName: {{ . }}
  {{- end }}
  {{- with .Values.nodeSelector }}
  nodeSelector: {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .Values.tolerations }}
  tolerations: {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .Values.affinity }}
  affinity: {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- if include "octostore.isPostgres" . }}
  topologySpreadConstraints:
    {{- range list "kubernetes.io/hostname" "topology.kubernetes.io/zone" }}
    - topologyKey: {{ . }}
      maxSkew: 1
      whenUnsatisfiable: ScheduleAnyway
      labelSelector:
        matchLabels: {{- include "octostore.selector" $ | nindent 10 }}
    {{- end }}
  {{- end }}
  containers:
    - name: octostore
      image: {{ include "octostore.image" . | quote }}
      imagePullPolicy: {{ .Values.image.pullPolicy }}
      args: [serve]
      ports:
        - { name: http, containerPort: 3000, protocol: TCP }
      securityContext:
        allowPrivilegeEscalation: false
        readOnlyRootFilesystem: true
        capabilities: { drop: [ALL] }
      {{- with .Values.existingSecrets }}
      envFrom:
        {{- range . }}
        - secretRef: { name: {{ . | quote }} }
        {{- end }}
      {{- end }}
      env:
        - { name: BIND_ADDR, value: '0.0.0.0:3000' }
        - { name: SHUTDOWN_DELAY_SECONDS, value: {{ include "octostore.shutdownDelay" . | quote }} }
        {{- if include "octostore.isPostgres" . }}
        - name: POD_IP
          valueFrom: { fieldRef: { fieldPath: status.podIP } }
        - { name: ADVERTISE_URL, value: 'http://$(POD_IP):3000' }
        {{- range .Values.existingSecrets | first | list }}
        # The image has a default for SQLite. A Secret that lacks this key stops the pod with a clear reason.
        - name: DATABASE_URL
          valueFrom: { secretKeyRef: { name: {{ . | quote }}, key: DATABASE_URL } }
        {{- end }}
        {{- else }}
        - { name: DATABASE_URL, value: /var/lib/octostore/octostore.db }
        {{- end }}
        {{- range $name, $value := .Values.settings }}
        - { name: {{ $name }}, value: {{ $value | toString | quote }} }
        {{- end }}
      # A large database takes a while to load.
      startupProbe:
        httpGet: { path: /health/live, port: http }
        periodSeconds: 2
        timeoutSeconds: 5
        failureThreshold: 150
      livenessProbe:
        httpGet: { path: /health/live, port: http }
        periodSeconds: 10
        timeoutSeconds: 10
        failureThreshold: 3
      readinessProbe:
        httpGet: { path: /health/ready, port: http }
        periodSeconds: 2
        timeoutSeconds: 5
        failureThreshold: 2
      resources: {{- toYaml .Values.resources | nindent 8 }}
      volumeMounts:
        - { name: data, mountPath: /var/lib/octostore }
        - { name: tmp, mountPath: /tmp }
  volumes:
    - name: tmp
      emptyDir: { sizeLimit: 64Mi }
    {{- if include "octostore.isPostgres" . }}
    - name: data
      emptyDir: { sizeLimit: 64Mi }
    {{- end }}
{{- end -}}
