; Per-user installer: makensis -DVERSION=... -DPAYLOAD=folder -DTARGET=setup.exe setup.nsi
Target amd64-unicode
Unicode true
!include "MUI2.nsh"

Name "Crossmargin ${VERSION}"
OutFile "${TARGET}"
InstallDir "$LOCALAPPDATA\Programs\Crossmargin"
InstallDirRegKey HKCU "Software\Crossmargin" "Folder"
RequestExecutionLevel user
SetCompressor /SOLID lzma

!define KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\Crossmargin"
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"

Section "Crossmargin"
  RMDir /r "$INSTDIR\_internal" ; files of an older version must not be found by this one
  SetOutPath "$INSTDIR"
  File /r "${PAYLOAD}/*"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  CreateShortcut "$SMPROGRAMS\Crossmargin.lnk" "$INSTDIR\crossmargin-window.exe"
  WriteRegStr HKCU "Software\Crossmargin" "Folder" "$INSTDIR"
  WriteRegStr HKCU "Software\Classes\.crossmargin" "" "Crossmargin.Review"
  WriteRegStr HKCU "Software\Classes\Crossmargin.Review" "" "Crossmargin review"
  WriteRegStr HKCU "Software\Classes\Crossmargin.Review\shell\open\command" "" \
    '"$INSTDIR\crossmargin-window.exe" "%1"'
  WriteRegStr HKCU "${KEY}" "DisplayName" "Crossmargin"
  WriteRegStr HKCU "${KEY}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${KEY}" "DisplayIcon" "$INSTDIR\crossmargin-window.exe"
  WriteRegStr HKCU "${KEY}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegDWORD HKCU "${KEY}" "NoModify" 1
  WriteRegDWORD HKCU "${KEY}" "NoRepair" 1
SectionEnd

Section "Uninstall"
  ; Only what was installed: reviews saved in this folder by hand stay.
  RMDir /r "$INSTDIR\_internal"
  Delete "$INSTDIR\crossmargin.exe"
  Delete "$INSTDIR\crossmargin-window.exe"
  Delete "$INSTDIR\LICENSE"
  Delete "$INSTDIR\NOTICES.txt"
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  Delete "$SMPROGRAMS\Crossmargin.lnk"
  DeleteRegKey HKCU "${KEY}"
  DeleteRegKey HKCU "Software\Classes\Crossmargin.Review"
  DeleteRegKey HKCU "Software\Classes\.crossmargin"
  DeleteRegKey HKCU "Software\Crossmargin"
SectionEnd
