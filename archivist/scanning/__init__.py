"""The link-rot scan: gather what entries point to, ask it, remember, report, mend."""
