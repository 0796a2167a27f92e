; The installer for Windows: for one person, without an administrator's password.
Unicode true
; Like the program that it holds. An installer for 32 bits starts on no Wine without them.
Target amd64-unicode
!include MUI2.nsh
Name "Maquette"
OutFile "${OUTPUT}"
RequestExecutionLevel user
InstallDir "$LOCALAPPDATA\Programs\Maquette"
InstallDirRegKey HKCU "Software\Maquette" "Folder"
SetCompressor /SOLID lzma
ManifestDPIAware true
ManifestDPIAwareness PerMonitorV2,PerMonitor
!define MUI_ICON "${STAGE}/maquette.ico"
!define MUI_UNICON "${STAGE}/maquette.ico"
!define UNINSTALL "Software\Microsoft\Windows\CurrentVersion\Uninstall\Maquette"
VIProductVersion "${VERSION}.0"
VIAddVersionKey "ProductName" "Maquette"
VIAddVersionKey "FileDescription" "Installs Maquette"
VIAddVersionKey "FileVersion" "${VERSION}"
VIAddVersionKey "ProductVersion" "${VERSION}"
VIAddVersionKey "LegalCopyright" "MIT licence"

!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!define MUI_FINISHPAGE_RUN "$INSTDIR\maquette.exe"
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"

Section
  SetOutPath "$INSTDIR"
  File "${STAGE}/maquette/maquette.exe"
  File "${STAGE}/maquette/licences.txt"
  File "${STAGE}/maquette/sbom.cdx.json"
  File "${STAGE}/maquette/README.md"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  CreateShortcut "$SMPROGRAMS\Maquette.lnk" "$INSTDIR\maquette.exe"
  WriteRegStr HKCU "Software\Maquette" "Folder" "$INSTDIR"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayName" "Maquette"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayIcon" "$INSTDIR\maquette.exe"
  WriteRegStr HKCU "${UNINSTALL}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegDWORD HKCU "${UNINSTALL}" "NoModify" 1
  WriteRegDWORD HKCU "${UNINSTALL}" "NoRepair" 1
  ; In the list of “Open with”.
  WriteRegStr HKCU "Software\Classes\Applications\maquette.exe\shell\open\command" "" '"$INSTDIR\maquette.exe" "%1"'
  !macro opens type
    WriteRegStr HKCU "Software\Classes\Applications\maquette.exe\SupportedTypes" "${type}" ""
  !macroend
  !insertmacro opens ".jpg"
  !insertmacro opens ".jpeg"
  !insertmacro opens ".png"
  !insertmacro opens ".webp"
  !insertmacro opens ".heic"
  !insertmacro opens ".avif"
  !insertmacro opens ".tif"
  !insertmacro opens ".tiff"
SectionEnd

; What a person made stays: it lies in another folder.
Section "Uninstall"
  Delete "$INSTDIR\maquette.exe"
  Delete "$INSTDIR\licences.txt"
  Delete "$INSTDIR\sbom.cdx.json"
  Delete "$INSTDIR\README.md"
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  Delete "$SMPROGRAMS\Maquette.lnk"
  DeleteRegKey HKCU "${UNINSTALL}"
  DeleteRegKey HKCU "Software\Maquette"
  DeleteRegKey HKCU "Software\Classes\Applications\maquette.exe"
SectionEnd
