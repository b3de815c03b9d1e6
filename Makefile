# Each target is one script; its comment is its line in `make help`.
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)
NODE := node --conditions=source --disable-warning=ExperimentalWarning

# Only what stands on the command line names another place; the environment never does.
given = $(if $(filter command line,$(origin $(1))),--$(2) '$($(1))')
PLACE = $(call given,CLUSTER,cluster) $(call given,DATABASE,database) $(call given,REGISTRY,registry)

# One call of the Dagger module, by the target's name.
CALL = $(NODE) local/call.ts $@ $(if $(filter command line,$(origin ARGS)),$(ARGS))

.DEFAULT_GOAL := help
.PHONY: help dev up down plan deploy status diagnose logs report verify-health releases rollback drill test check install

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

dev: install ## run the six services from their sources at http://localhost:4000, starting again what an edit concerns; PORT=, FRESH=1 for an empty database
	@$(NODE) local/dev.ts $(call given,PORT,port) $(call given,FRESH,fresh)

up: install ## build, push, deploy and verify the whole platform on this machine; leaves it at http://localhost:4000
	@$(NODE) local/up.ts $(call given,PORT,port) $(call given,PLATFORMS,platforms) $(PLACE)

down: install ## remove everything that `make up` made
	@$(NODE) local/down.ts $(PLACE)

plan: install ## tell what a deploy would do, and change nothing: make plan ARGS="--instance-id …"
	@$(CALL)

deploy: install ## deploy the present commit, once an engine answers: make deploy ARGS="--instance-id …"
	@$(CALL)

status: install ## tell which release serves and whether all is well: make status ARGS="--instance-id …"
	@$(CALL)

diagnose: install ## say what is wrong on the platform right now, and what to do: make diagnose ARGS="--instance-id …"
	@$(CALL)

logs: install ## the services' logs: make logs ARGS="--instance-id … [--service …] [--previous] [--tail …] [--since …]"
	@$(CALL)

report: install ## the report of a release as files: make report ARGS="[--release …] --instance-id … export --path report"
	@$(CALL)

verify-health: install ## ask all six services whether they are well: make verify-health ARGS="--instance-id …"
	@$(CALL)

releases: install ## list what was deployed and what became of it: make releases ARGS="--instance-id …"
	@$(CALL)

rollback: install ## go back to what was proven before: make rollback ARGS="--instance-id … [--to …] [--service …]"
	@$(CALL)

drill: install ## break the platform on purpose, on a Kubernetes of its own, and show each end; DRILL=name,… runs some, KEEP=1 leaves it up for the next
	@$(NODE) local/drill.ts $(call given,DRILL,drill) $(call given,KEEP,keep)

test: install ## run every check and every test, up to the pipeline onto a real Kubernetes
	@$(NODE) test/run.ts $(LEVELS)

check: install ## types, lint and unused code only
	@$(NODE) test/run.ts check

# npm ci writes this file last, so it is as new as the lockfile unless that changed since.
install: node_modules/.package-lock.json ci/node_modules/.package-lock.json

node_modules/.package-lock.json: package-lock.json
	@npm ci --no-audit --no-fund --loglevel=error
	@touch $@

ci/node_modules/.package-lock.json: ci/package-lock.json
	@npm ci --prefix ci --no-audit --no-fund --loglevel=error
	@touch $@
