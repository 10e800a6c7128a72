@echo off
rem Runs gnomon from a checkout on Windows: builds it when a source is newer than the last build.
setlocal
set "root=%~dp0"
set "out=%root%artifacts\cli"
where dotnet >nul 2>nul || (
  echo gnomon: the .NET 10 SDK is missing. Get it from https://dotnet.microsoft.com/download/dotnet/10.0 and run this again. 1>&2
  exit /b 2
)
if not exist "%root%node_modules" where npm >nul 2>nul || (
  echo gnomon: npm is missing; it fetches the native engine once. Get it with Node.js from https://nodejs.org and run this again. 1>&2
  exit /b 2
)
set "rid=win-x64"
if /i "%PROCESSOR_ARCHITECTURE%"=="ARM64" set "rid=win-arm64"
powershell -NoProfile -Command "$s='%out%\.built'; if (-not (Test-Path $s)) { exit 1 }; $t=(Get-Item $s).LastWriteTimeUtc; $n=Get-ChildItem '%root%src','%root%build','%root%Directory.Build.props','%root%Directory.Packages.props','%root%package-lock.json' -Recurse -File | Where-Object { $_.FullName -notmatch '\\(bin|obj)\\' -and $_.LastWriteTimeUtc -gt $t } | Select-Object -First 1; if ($n) { exit 1 }"
if errorlevel 1 (
  dotnet publish "%root%src\Gnomon.Cli" -c Release -r %rid% --self-contained false -p:PublishReadyToRun=true -o "%out%" -v q --nologo >"%root%artifacts-build.log" 2>&1
  if errorlevel 1 (
    echo gnomon: the build failed; the whole log is in %root%artifacts-build.log 1>&2
    exit /b 3
  )
  del "%root%artifacts-build.log" >nul 2>nul
  type nul >"%out%\.built"
)
"%out%\Gnomon.Cli.exe" %*
