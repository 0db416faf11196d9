package main

import (
	"slices"
	"strings"
)

// general are policies that are not Lambda's and not of a job function, and
// that tests of Lambda's users and operators ask about.
var general = []string{
	"AWSCloudShellFullAccess",
	"AWSCompromisedKeyQuarantineV3", // AWS attaches it to users whose keys were found in public
	"AWSDenyAll",
	"AWSXRayDaemonWriteAccess", // of functions that trace
	"AWSXrayWriteOnlyAccess",
	"AdministratorAccess",
	"IAMFullAccess",
	"IAMReadOnlyAccess",
	"IAMUserChangePassword",
	"PowerUserAccess",
	"ReadOnlyAccess",
	"SecurityAudit",
}

// chosen reports whether a policy is among those that are embedded.
func chosen(path, name string) bool {
	return strings.Contains(name, "Lambda") || path == "job-function/" || slices.Contains(general, name)
}
