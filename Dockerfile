# The pipeline as an image: `docker build --tag news-ingest .`; with a Prefect server and a worker: compose.yaml.
FROM python:3.13-slim-bookworm AS build
# requirements-lake.lock where several machines write.
ARG LOCK=requirements.lock
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /build
COPY requirements.lock requirements-lake.lock ./
RUN python -m venv /opt/ingest && /opt/ingest/bin/pip install --no-deps --require-hashes -r "$LOCK"
COPY . .
RUN /opt/ingest/bin/pip install --no-deps --no-build-isolation .

FROM python:3.13-slim-bookworm
RUN useradd --uid 10001 --no-create-home --home-dir /srv/ingest ingest \
  && install --directory --owner=ingest /srv/ingest /srv/ingest/warehouse /srv/ingest/prefect
COPY --from=build /opt/ingest /opt/ingest
COPY --chmod=644 prefect.yaml /srv/ingest/
ENV PATH=/opt/ingest/bin:$PATH DO_NOT_TRACK=1 PREFECT_SERVER_ANALYTICS_ENABLED=false \
  PREFECT_HOME=/srv/ingest/prefect PREFECT_UI_STATIC_DIRECTORY=/srv/ingest/prefect/page
USER 10001
WORKDIR /srv/ingest
VOLUME /srv/ingest/warehouse /srv/ingest/prefect
EXPOSE 4200
CMD ["ingest", "serve", "--host", "0.0.0.0"]
HEALTHCHECK --interval=30s --timeout=10s --start-period=120s \
  CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:4200/api/health', timeout=5)"]
