package recognize

import "strings"

// role is what a member name usually means, in any dialect. Ranks start at 1,
// the most telling; 0 says that the name does not mean that.
type role struct {
	message uint8 // says what went wrong, in words
	code    uint8 // says it in a code
	inside  uint8 // holds an object or array that says either
	either  bool  // a string here may be words or a code: its looks decide
	list    uint8 // holds complaints; 1 by that name, 2 if they look like it

	instance               bool  // usually names one failure, so a code only if it looks like one
	field, complaint, kind uint8 // within a complaint: the field, the words, the code
	parts                  bool  // an array here is the parts of one path

	traits []trait // not a meaning: what signatures ask of such a member
}

// The names of each role, the most telling first; those before a bar mean hardly
// anything else.
const (
	messageNames = `userMessage userFriendlyMessage friendlyMessage displayMessage errorUserMsg
		error_description message errorMessage errorMsg errMessage errMsg msg | detail errorDetail
		error description errorDescription desc details errorDetails detailMessage detailedMessage reason
		errorReason localizedMessage faultstring errorSummary summary
		resultMessage resultMsg returnMessage returnMsg retMsg responseMessage respMsg rspMsg
		responseDescription responseText resultDesc resultDescription resultText statusMessage statusMsg
		statusDescription statusText statusDesc moreInformation explanation errorText errText text
		errorInfo errorString err errors fault problem messages errorMessages longMessage
		shortMessage title errorTitle headline subtitle info notice note alert cause content
		data result status response body developerMessage devMessage diagnostics
		mensaje mensagem meldung fehlermeldung fehlertext nachricht beschreibung descripcion descricao erreur
		messageErreur libelle messaggio errore fehler bericht foutmelding
		en enUS messageText failureMessage httpMessage httpReason errorType`
	codeNames = `code errorCode errCode errCd error_subcode err_code errorKey errorType errType errorName |
		errorId faultcode exceptionCode failureCode resultCode resultCd resCd returnCode retCode
		responseCode respCode rspCode messageCode msgCode messageId messageKey msgId msgCd statusCode
		reasonCode codeName symbol slug category rc ret reason error err type name key status errorCause title
		errorNum subCode internalCode apiCode appCode serviceCode appErrorCode number no
		codigo codice fehlercode codigoError codeErreur errorToken errorRef oErrorCode id`
	insideNames = `error errors err fault failure problem exception errorInfo errorInformation errorResponse
		errorDetails errorDetail errorData apiError serviceError serviceException policyException requestError
		errorMessage message messages errorMessages detail details fieldErrors violations status
		result results response responseStatus responseHeader resultInfo header head meta metadata data body
		payload content return info outcome issue issues notifications alerts warnings
		errorCauses cause causes reasons embedded _embedded errorList oErrorDetails
		Envelope Body rsp reply output state notification extensions errorObject internalError
		messageTranslations translations httpError restError bizError detailMessages validationErrors issue exceptions elements _error
		fehler erreur errore erro fout erros errores erreurs errori fehlerliste`
	eitherNames = `error err reason title status type name category result data response cause
		errors fault problem text info content body state errorReason errorString key messages
		messageKey statusText statusMessage fehler erreur errore errorType`
	instanceNames = `id errorId errorRef key`
	listNames     = `errors violations fieldErrors fieldViolations constraintViolations validationFailures parameterViolations
		propertyViolations classViolations returnValueViolations validationErrors validation_failures
		invalidParams invalidParameters invalidFields invalidArguments inputErrors formErrors bodyErrors modelState issues
		fields validation validations validationMessages validationResult failures subErrors apiErrors _issues
		children errorList fieldErrorList bindingErrors badParams errorFields fieldMessages errorDetails erros errores erreurs errori fehlerliste`
	maybeListNames = `details detail error message messages data params causes errorMessage errorMessages
		additionalInfo info parameters errorInfo err result reason description innererror extensions
		problems reasons errs items body payload context properties issue extra data`
	fieldNames = `field fieldName property propertyPath propertyName param parameter parameterName paramName attribute
		attributeName | pointer jsonPointer instancePath dataPath loc jsonPath propertyRef path fieldPath fields
		memberNames members member violationPath attr name element argument argumentName source target context input_name item
		expression location params key label campo champ feld`
	partsNames     = `loc path fieldPath jsonPath dataPath instancePath pointer`
	complaintNames = `message msg defaultMessage errorMessage localizedMessage errorMsg messages | detail description validationMessage
		constraints failureMessage issue error reason errors reasons title text diagnostics problem summary details help hint
		mensagem mensaje meldung messaggio`
	kindNamesOf = `code errorCode keyword constraint constraintName constraintType rule validator validation tag kind issue type
		reason errorType messageTemplate error errorKey messageKey name`
)

// The ranks of the last names before the bars.
var (
	plainMessageNames   = lastBeforeBar(messageNames)
	plainCodeNames      = lastBeforeBar(codeNames)
	plainFieldNames     = lastBeforeBar(fieldNames)
	plainComplaintNames = lastBeforeBar(complaintNames)
)

func lastBeforeBar(list string) uint8 {
	before, _, _ := strings.Cut(list, "|")
	return uint8(len(strings.Fields(before)))
}

// newRoles returns the roles by ID.
func newRoles(names *nameTable) []role {
	roles := make([]role, 1024)
	rank := func(list string, set func(r *role, rank uint8)) {
		for i, name := range strings.Fields(strings.Replace(list, "|", "", 1)) {
			set(&roles[names.id(name)], uint8(i+1))
		}
	}
	// A name that a list holds in two spellings keeps the better rank.
	better := func(slot *uint8, rank uint8) {
		if *slot == 0 {
			*slot = rank
		}
	}
	rank(messageNames, func(r *role, n uint8) { better(&r.message, n) })
	rank(codeNames, func(r *role, n uint8) { better(&r.code, n) })
	rank(insideNames, func(r *role, n uint8) { better(&r.inside, n) })
	rank(eitherNames, func(r *role, _ uint8) { r.either = true })
	rank(instanceNames, func(r *role, _ uint8) { r.instance = true })
	rank(listNames, func(r *role, _ uint8) { r.list = 1 })
	rank(maybeListNames, func(r *role, _ uint8) { better(&r.list, 2) })
	rank(fieldNames, func(r *role, n uint8) { better(&r.field, n) })
	rank(partsNames, func(r *role, _ uint8) { r.parts = true })
	rank(complaintNames, func(r *role, n uint8) { better(&r.complaint, n) })
	rank(kindNamesOf, func(r *role, n uint8) { better(&r.kind, n) })
	return roles[:len(names.names)]
}
