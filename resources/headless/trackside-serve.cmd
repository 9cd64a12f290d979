@echo off
rem Serves the Trackside panel without a window, on the Node that comes with the application.
"%~dp0..\node\bin\node.exe" "%~dp0out\main\serve.js" %*
