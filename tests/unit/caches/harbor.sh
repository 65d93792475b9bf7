#!/bin/sh
# Makes proxy projects in Harbor. It changes only what is not as it should be, so it can be run again.
# Needs curl and jq, and in HARBOR_ADMIN_PASSWORD the password of a system administrator, whose name is admin unless
# HARBOR_USERNAME says otherwise.
# shellcheck disable=SC2016 # what begins with $ in single quotes is jq's
set -eu
umask 077

url=http://harbor.example:8080
public=false

fail() {
    printf 'harbor.sh: %s\n' "$1" >&2
    exit 1
}

for tool in curl jq; do
    command -v "$tool" >/dev/null || fail "$tool is needed, and not installed"
done
[ -n "${HARBOR_ADMIN_PASSWORD:-}" ] || fail "set HARBOR_ADMIN_PASSWORD to the password of Harbor's administrator"

work=$(mktemp -d)
secret=
trap 'rm -rf "$work" ${secret:+"$secret.new"}' EXIT
trap 'exit 1' HUP INT TERM

# Passwords reach curl by a file, and jq by the environment: arguments are for everyone to read.
HARBOR_USERNAME=${HARBOR_USERNAME:-admin} HARBOR_ADMIN_PASSWORD=$HARBOR_ADMIN_PASSWORD jq -nr '
    "header = \"Authorization: Basic \(env.HARBOR_USERNAME + ":" + env.HARBOR_ADMIN_PASSWORD | @base64)\""
' >"$work/login"

# METHOD PATH [JSON] asks Harbor: the answer is in $work/answer, and its status in $status.
ask() {
    method=$1 path=$2 body=${3:-}
    : >"$work/answer"
    case $method in
    GET) set -- ;;
    HEAD) set -- --head ;;
    *) set -- --request "$method" --header 'Content-Type: application/json' --data-binary "$body" ;;
    esac
    status=$(curl -q --silent --show-error --globoff --max-time 300 --config "$work/login" \
        --output "$work/answer" --write-out '%{http_code}' "$@" "$url/api/v2.0$path") ||
        fail "$method $path: no answer"
}

# STATUS... are those to go on with.
expect() {
    for wanted; do
        [ "$status" != "$wanted" ] || return 0
    done
    said=$(jq -r '[.errors[].message] | join("; ") | explode | map(select(. >= 32)) | implode' \
        "$work/answer" 2>/dev/null) || said=
    fail "$method $path: $status: ${said:-no reason given}"
}

# [OPTION...] FILTER is what jq looks for in the answer; the result is in $found.
find_out() {
    found=$(jq -r "$@" "$work/answer" 2>/dev/null) || fail "$method $path: the answer is not one of Harbor's; is $url right?"
}

changed=
tell() {
    changed=yes
    printf '%s\n' "$1"
}

# NAME TYPE URL is by what Harbor reaches an upstream; its id is in $endpoint.
endpoint() {
    look_up_endpoint "$1"
    if [ -z "$endpoint" ]; then
        ask POST /registries "$(jq -nc --arg name "$1" --arg type "$2" --arg url "$3" \
            '{name: $name, type: $type, url: $url, insecure: false}')"
        expect 201
        tell "$1: endpoint made"
        look_up_endpoint "$1"
    fi
    [ "$type" = "$2" ] || fail "endpoint $1 is of type $type, not $2, for good: rename it, or delete it"
    if [ "$upstream" != "$3" ]; then
        ask PUT "/registries/$endpoint" "$(jq -nc --arg url "$3" '{url: $url}')"
        expect 200
        tell "$1: endpoint changed from $upstream to $3"
    fi
}

look_up_endpoint() {
    ask GET "/registries?q=name%3D$1"
    expect 200
    find_out --arg name "$1" '[.[] | select(.name == $name)][0] // {} | .id // empty'
    endpoint=$found
    find_out --arg name "$1" '.[] | select(.name == $name).type'
    type=$found
    find_out --arg name "$1" '.[] | select(.name == $name).url'
    upstream=$found
}

# NAME is a proxy of $endpoint; its id is in $project, and that of its retention policy in $policy.
project() {
    ask HEAD "/projects?project_name=$1"
    expect 200 404
    if [ "$status" = 404 ]; then
        ask POST /projects "$(jq -nc --arg name "$1" --argjson endpoint "$endpoint" --arg public "$public" \
            '{project_name: $name, registry_id: $endpoint, metadata: {public: $public}}')"
        expect 201
        tell "$1: project made"
    fi
    ask GET "/projects/$1"
    expect 200
    find_out '.registry_id // 0'
    case $found in
    "$endpoint") ;;
    0) fail "project $1 is no proxy, and cannot become one: delete it, or take another prefix" ;;
    *) fail "project $1 is a proxy of endpoint $found, not of $endpoint, for good: delete it, or take another prefix" ;;
    esac
    find_out .project_id
    project=$found
    find_out '.metadata.retention_id // empty'
    policy=$found
    find_out .metadata.public
    if [ "$found" != "$public" ]; then
        ask PUT "/projects/$1" "$(jq -nc --arg public "$public" '{metadata: {public: $public}}')"
        expect 200
        tell "$1: public set to $public"
    fi
}

# Which images stay: those that were pulled within 30 days.
# By itself Harbor gives a new proxy project a policy that deletes each image that nobody pulled for 7 days.
# Images that were pulled by digest have no tag.
rules='[{
    "id": 1, "priority": 1, "disabled": false,
    "action": "retain", "template": "nDaysSinceLastPull", "params": {"nDaysSinceLastPull": 30},
    "tag_selectors": [{"kind": "doublestar", "decoration": "matches", "pattern": "**", "extras": "{\"untagged\":true}"}],
    "scope_selectors": {"repository": [{"kind": "doublestar", "decoration": "repoMatches", "pattern": "**"}]}
}]'

# NAME has these rules, in $policy of $project.
retention() {
    if [ -z "$policy" ]; then
        ask POST /retentions "$(jq -nc --argjson project "$project" --argjson rules "$rules" '{
            algorithm: "or", rules: $rules, scope: {level: "project", ref: $project},
            trigger: {kind: "Schedule", settings: {cron: "0 0 0 * * *"}}
        }')"
        expect 201
        tell "$1: retention policy made"
        return
    fi
    ask GET "/retentions/$policy"
    expect 200
    # What Harbor leaves out of its answer is false or empty.
    find_out --argjson rules "$rules" '
        def selector: {kind, decoration, pattern, extras: (.extras // "")};
        def plain: {
            action, template, params: (.params // {}), disabled: (.disabled // false),
            tag_selectors: [.tag_selectors[]? | selector],
            scope_selectors: (.scope_selectors // {} | map_values(map(selector)))
        };
        (.rules // [] | map(plain)) == ($rules | map(plain))'
    if [ "$found" != true ]; then
        ask PUT "/retentions/$policy" "$(jq -c --argjson rules "$rules" '.rules = $rules' "$work/answer")"
        expect 200
        tell "$1: retention policy changed"
    fi
}

cache() {
    endpoint "$1" "$2" "$3"
    project "$1"
    retention "$1"
}

# NAME PROJECT... may pull from these, and its secret is in the file HARBOR_SECRET_FILE, or in one beside this script.
robot() {
    name=$1
    secret=${HARBOR_SECRET_FILE:-$(dirname "$0")/harbor-$name.secret}
    true >"$secret.new" || fail "$secret cannot be written"
    shift
    permissions=$(printf '%s\n' "$@" | jq -Rnc \
        '[inputs | {kind: "project", namespace: ., access: [{resource: "repository", action: "pull"}]}]')
    ask GET "/robots?q=name%3D$name"
    expect 200
    find_out -c '.[0] // empty'
    if [ -z "$found" ]; then
        make_robot
    else
        update_robot "$found"
    fi
    [ "$login" = "robot\$$name" ] || printf 'harbor.sh: put %s into talos.yaml as the username\n' "$login" >&2
}

make_robot() {
    ask POST /robots "$(jq -nc --arg name "$name" --argjson permissions "$permissions" '{
        name: $name, level: "system", duration: -1, description: "Pulls for Talos nodes", permissions: $permissions
    }')"
    expect 201
    find_out .name
    login=$found
    keep_secret
    tell "$login: robot made, its secret is in $secret"
}

# JSON is the robot as Harbor gives it.
update_robot() {
    login=$(printf '%s' "$1" | jq -r .name)
    account=$(printf '%s' "$1" | jq .id)
    wanted=$(printf '%s' "$1" | jq -c --argjson permissions "$permissions" \
        '{name, level, description: (.description // ""), duration: -1, disable: false, permissions: $permissions}')
    same=$(printf '%s' "$1" | jq --argjson wanted "$wanted" '
        def allowed: [.permissions[]? | {kind, namespace, access: ([.access[] | {resource, action}] | sort)}] | sort;
        allowed == ($wanted | allowed) and .duration == -1 and (.disable | not)')
    if [ "$same" != true ]; then
        ask PUT "/robots/$account" "$wanted"
        expect 200
        tell "$login: robot changed"
    fi
    if [ ! -s "$secret" ]; then
        ask PATCH "/robots/$account" '{"secret": ""}'
        expect 200
        keep_secret
        tell "$login: a new secret is in $secret"
    fi
}

keep_secret() {
    jq -ej '.secret // "" | select(. != "")' "$work/answer" >"$secret.new" 2>/dev/null ||
        fail "$method $path: no secret in the answer"
    mv -f "$secret.new" "$secret"
}

cache cache_docker.io docker-hub https://hub.docker.com
cache cache_quay.io docker-registry https://quay.io
cache cache_reg.example-5000 docker-registry 'http://[fd00::9]:8080'
robot talos cache_docker.io cache_quay.io cache_reg.example-5000

[ -n "$changed" ] || printf 'All is as it should be.\n'
