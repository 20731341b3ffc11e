@echo off
rem Starts VertiGAN on a Java of version @java.feature@ or newer: JAVA_HOME's, else the one on the path.
setlocal
set "java=java"
if defined JAVA_HOME set "java=%JAVA_HOME%\bin\java"
set "blas="
if exist "%~dp0..\lib\mkl-*-redist.jar" set "blas=mkl"
rem As in the other launcher: the classes as an earlier run left them.
set "classes=%~dp0..\lib\vertigan.jsa"
set "archive=-Xshare:auto"
if exist "%classes%" set archive="-XX:SharedArchiveFile=%classes%"
if "%~1"=="train" set archive=-XX:+AutoCreateSharedArchive "-XX:SharedArchiveFile=%classes%"
if "%~1"=="resume" set archive=-XX:+AutoCreateSharedArchive "-XX:SharedArchiveFile=%classes%"
"%java%" @run.flags@ "-Dorg.bytedeco.openblas.load=%blas%" -Xlog:cds=off -Xlog:cds+dynamic=off %archive% %VERTIGAN_JAVA_OPTS% -jar "%~dp0..\lib\vertigan.jar" %*
