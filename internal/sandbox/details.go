package sandbox

// The types of authorization details (RFC 9396) that metadata lists.
const (
	systemUserType = "urn:altinn:systemuser"
	consentType    = "urn:altinn:consent"
)

// detailFields are the members that each type may have.
var detailFields = map[string]map[string]bool{
	systemUserType: {"type": true, "systemuser_org": true, "externalRef": true},
	consentType:    {"type": true, "id": true, "from": true},
}

// checkDetails judges authorization_details. The sandbox has no register of systems and no consents, so the best that a
// well-formed one can be told is that nothing matches it.
func checkDetails(details any) error {
	if details == nil {
		return nil
	}
	several, isArray := details.([]any)
	if !isArray || len(several) == 0 {
		return errParameter
	}
	for _, one := range several {
		object, isObject := one.(map[string]any)
		if !isObject {
			return errParameter
		}
		kind, _ := object["type"].(string)
		fields, known := detailFields[kind]
		if !known {
			return errDetailsType
		}
		for name := range object {
			if !fields[name] {
				return errDetailsField
			}
		}
	}
	return errDetailsValues
}
