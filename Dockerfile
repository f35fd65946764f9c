# The image of the webhook: Python, what the program requires, and nothing else. No shell, no package manager.
# Without a container engine, `make image` writes the same files as an OCI archive. Both run tools/image.
ARG PYTHON=3.13

FROM python:${PYTHON}-slim AS build
WORKDIR /source
COPY constraints.txt pyproject.toml README.md LICENSE ./
COPY webhook webhook
COPY certs certs
COPY tools tools
# packaging reads what distributions require; it is not in the image.
RUN pip install --no-cache-dir --no-compile --constraint constraints.txt . packaging \
 && python -m tools.image --files /image

FROM scratch
COPY --from=build /image/base /
COPY --from=build --chmod=1777 /image/base/tmp /tmp
COPY --from=build /image/program /
ENV PYTHONPATH=/app PYTHONDONTWRITEBYTECODE=1
LABEL org.opencontainers.image.licenses=Apache-2.0
USER 65532:65532
WORKDIR /
ENTRYPOINT ["/usr/local/bin/seccomp-webhook"]
