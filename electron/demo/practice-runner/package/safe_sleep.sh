#!/bin/bash
# Waits for so many seconds.
exec sleep "$1"
