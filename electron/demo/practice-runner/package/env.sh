#!/bin/bash
# Keeps what jobs need of the environment in which the runner is configured: variables in .env, PATH in .path.

touch .env
for name in LANG JAVA_HOME ANT_HOME M2_HOME ANDROID_HOME ANDROID_SDK_ROOT GRADLE_HOME NVM_BIN NVM_PATH \
    LD_LIBRARY_PATH PERL5LIB; do
    value="${!name}"
    if [ -n "$value" ] && [[ "$(<.env)" != *"$name="* ]]; then
        echo "$name=$value" >> .env
    fi
done

echo "$PATH" > .path
