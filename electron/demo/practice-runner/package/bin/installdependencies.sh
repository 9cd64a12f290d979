#!/bin/bash
echo "The practice runner depends on nothing that could be installed."
