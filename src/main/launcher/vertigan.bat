@echo off
rem Starts VertiGAN on a Java of version @java.feature@ or newer: JAVA_HOME's, else the one on the path.
setlocal
set "java=java"
if defined JAVA_HOME set "java=%JAVA_HOME%\bin\java"
set "blas="
if exist "%~dp0..\lib\mkl-*-redist.jar" set "blas=mkl"
"%java%" @run.flags@ "-Dorg.bytedeco.openblas.load=%blas%" %VERTIGAN_JAVA_OPTS% -jar "%~dp0..\lib\vertigan.jar" %*
