# Stage 1 builds the wheel, with the client in it (Node comes as a Python package).
FROM python:3.12-slim AS build
WORKDIR /src
COPY requirements-build.lock ./
RUN pip install --no-cache-dir --require-hashes -r requirements-build.lock
COPY . .
RUN pip wheel --no-cache-dir --no-deps --no-build-isolation --wheel-dir /wheels .

# Stage 2 holds what serving takes, and nothing else.
FROM python:3.12-slim
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
COPY requirements.lock /tmp/
RUN pip install --no-cache-dir --require-hashes -r /tmp/requirements.lock
RUN --mount=type=bind,from=build,source=/wheels,target=/wheels \
    pip install --no-cache-dir --no-deps /wheels/*.whl

# The boards lie in /data, and only this account may write there.
RUN useradd --system --uid 10001 --create-home tablecloth \
    && install --directory --owner=tablecloth --group=tablecloth --mode=0700 /data
USER tablecloth
VOLUME /data
EXPOSE 8080

# Healthy means: this process answers. Whether it may take edits is asked at /readyz.
HEALTHCHECK --interval=10s --timeout=4s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8080/healthz', timeout=3)"]

ENTRYPOINT ["tablecloth"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8080", "--data", "/data"]
