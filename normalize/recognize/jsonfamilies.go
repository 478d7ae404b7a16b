package recognize

// jsonFamily is one row of the table of JSON families.
type jsonFamily struct {
	// name is what Evidence.Format calls the family; rows may share it.
	name string
	// when are its signatures, one of which must hold; see [signature].
	when []string
	// check, if set, must hold as well; also says what it tests, for the
	// documentation.
	check func(d *jsonDoc) bool
	also  string
	// code and message are paths, the preferred one first; see [path].
	code, message string
	// adjust, if set, reads what paths cannot say; elseCode says what code that
	// is, for the documentation.
	adjust   func(d *jsonDoc, ev *Evidence)
	elseCode string
	// noViolations says that what looks like complaints is none, but for what
	// adjust finds.
	noViolations bool
}

// jsonFamilies are the families of JSON bodies. The first whose signature holds
// decides, so a family comes before those whose signatures are part of its own.
// Complaints of validation errors are found by the usual names and need no row;
// a body of no family is read the same way, by the generic reader.
var jsonFamilies = []jsonFamily{
	{
		name: "envelope", when: []string{"code:string description:string #2"}, check: isEnvelope, also: "a code in upper case",
		code: "code", message: "description",
	},

	// Remote procedure calls.
	{
		name: "json-rpc", when: []string{"jsonrpc error", "result:null error:object id"},
		code: "error.code", message: "error.message error.data.message error.data",
	},
	{
		name: "graphql", when: []string{
			"errors:array errors.message errors.locations", "errors:array errors.message errors.extensions",
			"errors:array errors.message errors.path:array !message", "errors:array errors.message data:object|null !message",
			"errors:array errors.message >Content-Type=application/graphql-response+json",
		},
		code:    "errors.extensions.code errors.extensions.classification errors.errorType errors.extensions.errorType errors.code",
		message: "errors.message errors.extensions.originalError.message errors.extensions.response.message", adjust: extensionViolations, noViolations: true,
	},
	{
		name: "grpc-gateway", when: []string{"code:number message:string details:array", "code:number message:string error:string"},
		check: isGRPC, also: "a gRPC status number", message: "message error", adjust: grpcCode, elseCode: "the name of the number",
	},
	{name: "grpc-gateway", when: []string{"error.grpc_code:number error.message"}, message: "error.message", adjust: grpcStreamCode, elseCode: "the name of the number"},
	{name: "twirp", when: []string{"code:string msg:string"}, check: isRPCCode, also: "a Twirp code", code: "code", message: "msg"},
	{
		name: "connect", when: []string{"code:string #1", "code:string message:string #2", "code:string details:array #2", "code:string message:string details:array #3"},
		check: isRPCCode, also: "a gRPC code in lower case", code: "code", message: "message",
	},

	{
		name: "trpc", when: []string{"error.data.httpStatus", "error.json.data.httpStatus"},
		code: "error.data.code error.json.data.code", message: "error.message error.json.message", noViolations: true,
	},

	// JSON:API and registries, whose errors are lists.
	{
		name: "jsonapi", when: []string{
			">Content-Type=application/vnd.api+json errors:array", "errors:array errors.source:object !message !title",
			"errors:array errors.title errors.detail !message !title", "errors:array errors.status:string errors.title !title",
		},
		code: "errors.code", message: "errors.detail errors.title",
	},
	{
		name: "docker", when: []string{"errors:array errors.code:string errors.message errors.detail !message"},
		code: "errors.code", message: "errors.message",
	},
	{name: "kubernetes", when: []string{"kind=Status apiVersion"}, code: "reason", message: "message"},

	// Clouds.
	{name: "aws", when: []string{"__type:string", ">X-Amzn-ErrorType"}, message: "message errorMessage", adjust: awsCode, elseCode: "`__type` after `#`, else field `X-Amzn-ErrorType`"},
	{name: "lambda", when: []string{"errorMessage errorType !code !errorCode"}, code: "errorType", message: "errorMessage"},
	{
		name: "odata", when: []string{"error.message:object", `odata\.error:object`, "error.innererror error.code", "error.target error.code"},
		message: `error.message.value odata\.error.message.value error.message`, adjust: odataCode, elseCode: "the innermost `innererror.code`, else `error.code`",
	},
	{name: "google", when: []string{"error.errors.reason error.errors.message"}, code: "error.errors.reason", message: "error.message error.errors.message"},
	{
		name: "google", when: []string{"error.status:string error.code:number"}, check: isCanonical, also: "a canonical code in upper case",
		code: "error.details.reason error.status", message: "error.message", adjust: googleReason,
	},
	{name: "loopback", when: []string{"error.statusCode error.message", "error.statusCode error.name"}, code: "error.code error.name", message: "error.message", adjust: loopbackCodes},
	{name: "odata", when: []string{"error.details:array error.code:string"}, message: "error.message", adjust: odataCode, elseCode: "the innermost `innererror.code`, else `error.code`"},
	{name: "oracle", when: []string{"type=tag:oracle.com* code message"}, code: "code", message: "message title"},
	{name: "oracle", when: []string{"o:errorDetails:array"}, code: "o:errorCode o:errorDetails.o:errorCode", message: "detail o:errorDetails.detail title"},
	{name: "ibm-apic", when: []string{"httpCode httpMessage"}, code: "httpMessage", message: "moreInformation httpMessage"},
	{name: "apigee", when: []string{"fault.faultstring"}, code: "fault.detail.errorcode fault.code", message: "fault.faultstring", noViolations: true},
	{name: "wso2", when: []string{"fault.code fault.message", "fault.code fault.description"}, code: "fault.code", message: "fault.description fault.message"},
	{name: "wso2", when: []string{"code type=Status*report message"}, code: "code", message: "description message"},

	// Java.
	{name: "tomcat", when: []string{"status type=*Report"}, message: "message", adjust: tomcatReport},
	{name: "jetty", when: []string{"servlet url status"}, message: "message", adjust: jettyMessage},
	{
		name: "spring", when: []string{"timestamp status:number error path", "timestamp status:number error message", "timestamp status:number path requestId"},
		code: "code errorCode errors.code", message: "message error", adjust: springMessage,
	},
	{name: "micronaut", when: []string{"_embedded.errors.message"}, code: "code", message: "_embedded.errors.message message"},
	{
		name: "jax-rs", when: []string{
			"parameterViolations:array", "constraintViolations:array", "title=Constraint*Violation violations:array",
			"message messageTemplate path",
		},
		message: "message detail title", adjust: methodFields,
	},

	// ASP.NET.
	{name: "aspnet", when: []string{"message exceptionMessage", "exceptionMessage exceptionType"}, message: "message", adjust: leaky},
	{name: "asmx", when: []string{"message stackTrace exceptionType"}, message: "message", adjust: leaky},
	{name: "aspnet", when: []string{"message messageDetail", "message modelState"}, message: "message"},
	{name: "aspnet", when: []string{"title errors:object !message !code"}, code: "code errorCode", message: "detail title", adjust: problemCode, elseCode: "the last part of `type`"},

	// Hypermedia and problem details.
	{name: "api-platform", when: []string{"hydra:description", "hydra:title", "@type=hydra:Error"}, code: "code", message: "hydra:description detail hydra:title"},
	{name: "symfony", when: []string{"type=*rfc2616* title detail", "type=*symfony.com/errors* title"}, message: "detail title"},
	{
		name: "problem", when: []string{
			">Content-Type=*problem+json", "type:string title:string status:number", "title:string status:number detail:string",
			"type=http*:* title:string", "type=about:blank", "type=urn:* title:string", "title:string detail:string instance",
		},
		code: "code errorCode error_code errorKey o:errorCode", message: "detail title message", adjust: problemCode, elseCode: "the last part of `type`",
	},

	// Python.
	{
		name: "fastapi", when: []string{"detail:array detail.loc", "detail:array detail.msg", "detail:object", "detail:string >Server=*uvicorn*", "detail:string >Server=*hypercorn*"},
		code: "detail.type detail.code detail.error", message: "detail.message detail.msg detail",
	},
	{name: "drf", when: []string{"detail:string code:string", "detail:string #1"}, code: "code", message: "detail"},
	{name: "drf", when: []string{""}, check: isFieldMap, also: "nothing but lists of sentences by field", adjust: fieldMap},
	{name: "falcon", when: []string{"title:string description:string !message !status", "title:string link:object"}, code: "code", message: "description title"},
	{
		name: "pyramid", when: []string{"code title:string message:string #3"}, check: isPhraseCode, also: "a code such as `404 Not Found`",
		message: "message title", adjust: pyramidMessage,
	},

	// JavaScript.
	{name: "fastify", when: []string{"code=FST_*"}, code: "code", message: "message", adjust: ajvField},
	{name: "nestjs", when: []string{"statusCode:number message"}, code: "code errorCode error", message: "message error", adjust: nodeViolations},
	{name: "nestjs", when: []string{"statusCode:number error:string"}, code: "code errorCode error", message: "error"},

	// PHP, Perl and Ruby.
	{name: "laravel", when: []string{"message errors:object #2", "message exception file line"}, message: "message", code: "code"},
	{
		name: "magento", when: []string{"message=*%* parameters:object|array"}, message: "message", adjust: magentoParameters, noViolations: true,
	},
	{name: "wordpress", when: []string{"code:string message:string data.status"}, code: "code", message: "message"},
	{name: "dancer", when: []string{"title:string message:string status #3", "title:string message:string status exception"}, message: "message", adjust: dancerException},
	{
		name: "rails", when: []string{"status:number error:string #2", "status:number error:string exception", "status:number error:string traces"},
		message: "error", adjust: railsTrace,
	},

	// Databases and infrastructure.
	{name: "elasticsearch", when: []string{"error.root_cause", "error.reason error.type"}, code: "error.type", message: "error.reason error.root_cause.reason"},
	{name: "couchdb", when: []string{"error:string reason:string"}, code: "error", message: "reason"},
	{name: "postgrest", when: []string{"code message details hint"}, code: "code", message: "message"},
	{name: "vault", when: []string{"errors:array #1", "errors:array warnings #2"}, check: isListOfStrings, also: "nothing but strings in it", message: "errors"},
	{name: "prometheus", when: []string{"status=error errorType error"}, code: "errorType", message: "error"},

	// Products.
	{
		name: "stripe", when: []string{"error.type error.param", "error.type error.decline_code", "error.type error.doc_url", "error.type error.request_log_url"},
		code: "error.code error.type", message: "error.message",
	},
	{name: "github", when: []string{"message documentation_url"}, code: "errors.code code", message: "message errors.message", adjust: githubMissing},
	{name: "twilio", when: []string{"code:number more_info=http*"}, code: "code", message: "message"},
	{name: "salesforce", when: []string{"errorCode message fields:array"}, code: "errorCode", message: "message", adjust: salesforceFields},
	{name: "salesforce", when: []string{"errorCode message #2"}, check: isList, also: "in an array", code: "errorCode", message: "message"},
	{name: "fhir", when: []string{"resourceType=OperationOutcome"}, code: "issue.code", message: "issue.details.text issue.diagnostics"},
	{name: "kintone", when: []string{"code:string id:string message #3", "code:string id:string message errors"}, code: "code", message: "message"},
	{name: "line", when: []string{"message details:array details.property"}, message: "message details.message"},
	{name: "line-works", when: []string{"errorCode errorMessage code", "errorCode errorMessage #2"}, code: "errorCode code", message: "errorMessage"},
	{name: "jira", when: []string{"errorMessages:array errors:object"}, message: "errorMessages errors.*"},

	// The simplest shapes come last: others add to them.
	{
		name: "oauth", when: []string{"error:string error_description", "error:string error_uri"}, check: isErrorToken, also: "a code for `error`",
		code: "error", message: "error_description", adjust: oauthScope,
	},
	{
		name: "oauth", when: []string{"error:string !message !status"}, check: isOAuth, also: "an error code of RFC 6749, 6750 or an extension",
		code: "error", message: "description detail", adjust: oauthScope,
	},
	{name: "restify", when: []string{"code:string message:string #2"}, check: isCamelCode, also: "a CamelCase code", code: "code", message: "message"},
}
