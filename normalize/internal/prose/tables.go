package prose

// leakPhrases lists what gives away the inside in prose, in the notation of
// [wording]. Words that are leaks alone are in leakWords.
var leakPhrases = []struct{ kind, phrases string }{
	{"stack frame", `
		...# more; above exception; software error:; caused by:; exception in thread; traceback most recent call; stack trace; server log; server logs; logs for details; check the logs
		call stack:; backtrace:; # more common frames; end of inner exception; goroutine #
		created by net/http; main}; as handle_request]; native code]; native method); (native)
		unknown source); node internal/; File" * line #; thread main' panicked; panicked at
		at object anonymous>; at new Promise; at async
	`},
	{"exception", `
		objektverweis wurde nicht; ausnahmefehler; nested exception is; inner exception; unhandled exception; uncaught exception
		unhandled promise rejection; unhandled rejection; uncaught error; exception caught
		exception occurred while; exception occurred in; exception occurred during
		exception of type; exception message:; exception type:; exception details:
		exception:; threw exception; raised exception; error: exception
		panic:; panic serving; panic recovered; recovered from panic; fatal error:; fatal exception; runtime error:
		nil pointer; null pointer; null reference; invalid memory address
		segmentation fault; segmentation violation; access violation at; core dumped
		stack overflow; stack level too deep; maximum call stack; maximum recursion depth exceeded
		out of memory; heap space; gc overhead; allowed memory size; maximum execution time of
		index out of range[; slice bounds out of range; out of bounds for length
		outside the bounds of the array; list index out of range; string index out of range
		tuple index out of range; array index out of
		object has no attribute; module * has no attribute; is not subscriptable
		object is not callable; object is not iterable; is not iterable; unsupported operand
		required positional argument; required positional arguments; takes # positional
		unexpected keyword argument; invalid literal for; not enough values to unpack
		too many values to unpack; name' * is not defined; referenced before assignment
		cannot access local variable; no module named; cannot import name; cannot find module'
		can't resolve'; require stack:; cannot read property; read properties of; of undefined reading
		of null reading; set properties of; set property' * of; undefined is not an; null is not an object
		is not a function; is not a constructor; before initialization
		circular structure to json; headers after they are sent; headers already sent
		undefined index; undefined variable; undefined offset; undefined array key
		undefined property; undefined constant; undefined method; undefined function
		undefined local variable; undefined reference to; call to undefined
		call to a member function; trying to get property; trying to access array offset
		failed to open stream; failed opening required; expects parameter # to be
		must be of the type; must be of type * given called
		array to string conversion; cannot redeclare; uninitialized constant; uninitialized value
		no implicit conversion; can't be coerced; wrong number of arguments(
		on an undefined value; can't locate object method; can't locate * in @INC; @INC contains; can't call method
		not a HASH reference; not an ARRAY reference; not a CODE reference; as a HASH ref
		as an ARRAY ref; while strict refs; global symbol; bareword
		object reference not set; cannot be null parameter; range of valid values parameter
		sequence contains no; sequence contains more
		unable to cast object; cannot be cast to class; specified cast is not valid
		given key * not present in the dictionary; collection was modified
		could not load file or assembly; could not load type; error occurred while updating the entries
		due to the current state of the object; server error in * application
		specified method is not supported; cannot invoke * because; because' * is null
		no enum constant; for input string:; error creating bean; no qualifying bean
		could not open jpa; could not commit jpa; could not execute statement; could not execute query
		could not extract resultset; could not prepare statement; failed to lazily initialize
		could not initialize proxy; could not initialize class; detached entity passed
		query did not return a unique result; transaction silently rolled back
		transaction marked as rollback; servlet.service for; for servlet with path; filter execution threw
		request processing failed; handler dispatch failed; field error in object
		cannot deserialize value of type; cannot deserialize instance of; cannot construct instance of
		failed to convert value of type; failed to convert property value; go struct field
		go value of type; on a None value; result::unwrap; option::unwrap; function clause matching
		no match of right hand side; no case clause matching; bad argument in arithmetic; protocol * not implemented for
		matching query does not exist; query results for model; is not bound to a session
		target class[; view[ * not found; unresolvable dependency; error rendering template
		assertion failed:; assertion failed at; assert failed; running in debug mode; debug mode is; DEBUG=True; DEBUG= true; culture=; publickeytoken=; object( #); [object Object; [object Error; [object Promise
		exception was raised; exception was thrown; exception has been thrown; erlang error; nullable object must
		item with the same key has already been; second operation was started on; must be non negative and less than the size
		(parameter'; could not be converted to string; attempt to read property; could not find driver; unknown modifier
		an undefined value as; cannot destructure property; compilation aborted; terminate called after; dictionary changed size
		argument #(; illegal string offset; illegal offset type; cannot use object of type; cannot use object as
		scalar value as an array; division by zero; non numeric value encountered; attempt to assign property; 
		cannot pass parameter # by reference; only variables; cannot access private; cannot access protected
		cannot instantiate; cannot override final; abstract method; abstract class; divide by zero; integer overflow
		unexpected nil; assignment to entry in nil map; send on closed channel; all goroutines are asleep; makeslice:
		interface conversion:; invalid memory; use of closed network; use of closed file; double free; heap corruption; bad_alloc
		already borrowed:; unwrap() on; attempt to subtract with overflow
		is not json serializable; object is not json; coroutine was never awaited; event loop is closed; codec can't
		unmarshalling error; row was updated or deleted by another; unexpected row count; unsaved transient instance
		references a null or transient; entitymanager is closed; jndi lookup; circular view path; could not resolve view
		validation of viewstate; could not find stored; an open datareader; compiler error message; parser error message
		unable to resolve service for; no service for type; linq to; disposed object; create an instance of type; customerrors mode
		bytes like object; can only concatenate; string indices must be; non iterable; cannot unpack; circular import
		must be str not; undefined or null to object; argument must be of type * Received; Received undefined; Received an instance of
		callback was already called; template: * executing; yaml: line; proto: cannot; sql: scan; invalid wire format
		unexpected T_STRING; unexpected T_VARIABLE; eval d code; using this when not in; missing argument # for; too few arguments
		too many arguments to; is marked as crashed; use of undefined; failed opening; cannot declare class; input variables exceeded
		private method' * called; superclass mismatch; can't convert nil; no such file to load; undefined subroutine
		illegal division; odd number of elements in hash; isn't numeric in; deep recursion on; modification of non creatable
		thread pool; event loop; garbage collector; metaspace; permgen; class loader; debug:
		potentially dangerous Request; fault address; transaction manager; could not open connection
		expression evaluation failed; exception evaluating; could not resolve placeholder
		type initializer for'; threw an exception; input string * not in a correct format; begin # end # length #
		bean'; bean of type'; no bean named; available parameters are; method parameter of type; using reflection; pickle protocol; servlet[; worker # died
		 failed to bind properties; no property' * found for type; no transaction is in progress
		timed out in servlet; native thread; ambiguous match found; entity type'; cannot be tracked because; scoped service'
		initialization string; according to the validation procedure; convert parameter value from; attempt to read when no data
		attempt to call a nil; attempt to index a; [Vue warn; smarty error; unable to read resource:; runtime error'; invalid command' * misspelled
		could not locate named parameter; was expecting JSON; was expecting(; unrecognized token'; cannot cast'; route[ * not defined
		abend in program; with abend; abend code; abend ASRA
	`},
	{"sql", `
		
		command not properly ended; syntax error at or near
		syntax error near; near' * syntax error; unclosed quotation mark; string not properly terminated
		unterminated quoted string; incorrect syntax near; invalid column name; invalid object name
		invalid number of bind; unknown column'; unknown table'; unknown database'; table' * doesn't exist
		table' * does not exist; table * doesn't exist in engine; table or view; base table or view
		no such table:; no such column:; column' * does not exist; column' * not found in
		column * of relation; column' * cannot be null; doesn't have a default value
		relation' * does not exist; relation' * already exists; relation' * existiert; FEHLER:; database' * does not exist
		operator does not exist:; permission denied for table; permission denied for relation
		permission denied for schema; permission denied for sequence; permission denied for database
		permission was denied on the object; must be owner of table; must be owner of relation
		duplicate key value; duplicate key error; duplicate key row; duplicate entry'
		duplicate entry * for key; violates * constraint; violation of * constraint
		integrity constraint; unique constraint failed; unique constraint(; unique constraint violated
		unique constraint'; constraint failed:; check constraint; conflicted with the * constraint
		foreign key constraint; foreign key mismatch; cannot add or update a child row
		cannot delete or update a parent row; cannot insert the value; cannot insert null into
		cannot insert duplicate key; cannot insert explicit value; null value in column
		data too long for column; data truncated for column; value too long for type
		value too large for column; out of range value for column; out of range for column
		string or binary data would be truncated; conversion failed when converting
		error converting data type; truncated incorrect; incorrect * value * for column
		invalid input syntax for; invalid input value for enum; lock wait timeout; database is locked
		database disk image; attempt to write a readonly database; login failed for user
		cannot open database; access denied for user'; using password:; password authentication failed
		no pg_hba conf entry; authentication failed for user; too many clients already
		remaining connection slots; connection slots are reserved; could not connect to server
		could not serialize access; current transaction is aborted; server closed the connection
		server has gone away; lost connection to; username password logon denied
		listener does not currently know; maximum open cursors; snapshot too old; single row subquery
		subquery returned more than; subquery returns more than; not a single group; in an aggregate function
		missing FROM clause; no rows in result set; converting driver value type; stored procedure
		execute failed:; prepare failed:; query failed:; bind message supplies; unrecognized token:'
		union select; union all select; or 1= 1; holding the wrong kind of value; ERR unknown command
		NOAUTH authentication required; WRONGPASS invalid; OOM command not allowed; LOADING redis is loading
		all shards failed; write conflict during plan; not primary and; no replica set; server selection timed
		pq:; psql:; FATAL:; ERROR: relation; ORA #; PLS #; TNS #; TNS:; datatype mismatch; waitfor delay; sleep( #); cql error; hql error
		invalid byte sequence for; canceling statement due to; conversion of * data type; overflow error converting
		procedure or function' * expects; timeout period elapsed; prior to obtaining a connection
		ORDER BY; GROUP BY; LEFT JOIN; INNER JOIN; IS NULL; NOT NULL; SHOW TABLES; GRANT ALL; ADD COLUMN; as( select
		order by * desc; order by * asc; limit # offset #; or' 1' 1; ERROR # #; Msg # Level; cast to * failed for value
		transaction rolled back; transaction was rolled back; prepared statement; bind variable; invalid column index; tablespace
		numeric field overflow; invalid text representation; could not obtain lock; statement timeout; read only transaction
		database system is; terminating connection due to; unable to open database; disk i/o error; readonly database
		file is not a database; execution was interrupted; commands out of sync; packet too large; operand should contain
		illegal mix of collations; collation conflict; unknown collation; storage engine; incorrect key file; can't create table
		add foreign key; communications link; last packet sent; no such index; write concern; READONLY you; in document with id
		partition leader; invalid DN syntax; database is * unavailable; database server; database host
		numeric or value error; data right truncated; must declare the scalar; LDAP: error code; oracle error; sybase error; jet database engine; access database engine; in query expression; column count doesn't
		used select statements; data type mismatch in criteria; unexpected end of command; sintaxis incorrecta
		parse error at or near; has different number of fields; cli driver; ole db; SYBASE; no result set; dbname=; initial catalog=; data source=; user id=; host= * port=; database=; consistency LOCAL_ONE; consistency LOCAL_QUORUM
		XPATH syntax error; MISCONF; NOSCRIPT; violation de contrainte; viole la contrainte; violación de; viola la restricción; clave duplicada
		doppelter Schlüsselwert; verletzt * constraint; la relation' n'existe pas; no existe la relación; database driver; database error; database connection; database query; db error; orm error
		in table'; from table'; into table'; column * does not exist; occurred during the login process; ambiguous column name; determine data type of parameter; on conflict specification; no unique or exclusion
		keyspace'; unconfigured table; data filtering and thus; used memory; execute command{; on vhost; inequivalent arg; waiting for a node assignment
		not available for partition; command denied to user; isam error; syntax error * near; unknown topic or partition
	`},
	{"system error", `
		connection refused; connection reset by; connection aborted; connection timed out
		connection closed by; connect failed; connect to database; connect to the database
		connect to server; connect to host; connect to redis; connect to mysql; connect to mongo
		connect to mongodb; mongodb error; mongo:; mongodb:; connect to postgres; connect to postgresql; connect to rabbitmq
		connect to kafka; connect to elasticsearch; connect to memcached; connect to ldap
		connect to upstream; connect to backend; broken pipe; no route to host; network is unreachable
		host is unreachable; host is down; no such host; unknown host:; unknown host'; name or service not known
		nodename nor servname; failure in name resolution; could not resolve host; couldn't resolve host
		failed to resolve host; no such file or; is a directory:; too many open files; no space left on
		device or resource busy; text file busy; read only file system; input/output error
		resource temporarily unavailable; cannot allocate memory; operation not permitted:
		exec format error; errno #; errno:; errno=; os error #; dial tcp; dial udp; dial unix; read tcp; write tcp
		i/o timeout; tls handshake; ssl handshake; handshake failure; ssl routines; ssl connection could not
		certificate verify failed; certificate signed by unknown; certificate has expired or is not yet valid
		unable to verify the first certificate; self signed certificate; unable to get local issuer
		pkix path; valid certification path; socket hang up; socket error; context deadline exceeded
		context canceled; upstream connect error; upstream prematurely; upstream request timeout
		upstream timed out; upstream server; upstream sent; no live upstreams; no healthy upstream
		transport failure reason; connection termination; rpc error:; desc=; exit status #
		exited with code; exit code #; exit code:; killed by signal; signal # received; signal: killed; pid #; pid=
		process id #; worker process; premature end of script headers; script timed out before
		primary script unknown; circuit breaker is open; connection pool; verbindungsaufbau abgelehnt; verbindung verweigert
		connexion refusée; connexion a été refusée; conexión rechazada; conexión rehusada; datei oder verzeichnis nicht
		fichier ou dossier; no existe el fichero o; attempt was made to access a socket; connected party did not properly
		read data from the transport; underlying connection was closed; remote name could not be resolved; actively refused
		bind: address; listen tcp; unable to resolve host; server misbehaving; curl error; curl:; max retries exceeded; cannot create directory; mkdir:; tar:; sh: #; bash:; stack smashing
		stopped by signal; smtp server requires; server response was:; relaying denied; incomplete chunked read; peer closed connection
		response from daemon; no such container; in API group; PEM routines; responded with #; responded with status; responded with http; can't contact; unable to bind to server; server name indication
	`},
	{"echo", `
		rejected value; input_value=; input value=; further information visit; errors.pydantic.dev
		you entered'; you entered:; you entered #; but got'; but was'; codes[; default message[; you searched for; your input was; your input:; you sent; you posted; request body was; received body; body was:; payload was
		received value:; raw input
	`},
	{"banner", `
		guru meditation; backend fetch failed; x aspnet version; x aspnetmvc version; cf ray; powered by; varnish cache; apache/; apache http server; apache server at; server: apache; server at * port #; apache httpd; apache#
		php version; python version; django version; rails version; java version; laravel version; symfony version
		symfony profiler; microsoft iis; internet information services; iis #; net framework; asp net
		spring framework; spring boot; jboss eap; jboss as; oracle http server; oracle application server
		websphere application server; ibm http server; sap netweaver; jetty #; jetty:; http.sys; this element is not expected
		ubuntu); debian); centos); win64); win32); version information:; hibernate orm; phusion passenger; BEA-#
	`},
	{"host", `OU=; DC=; CN=`},
	{"path", `classpath:; in include_path; open_basedir restriction; file does not exist:; document root`},
	{"key", `begin * private key; begin public key; begin certificate; begin pgp; begin openssh; begin rsa; ssh rsa aaaa`},
	{"environment", `
		AWS_SECRET_ACCESS_KEY; AWS_ACCESS_KEY_ID; AWS_SESSION_TOKEN; DATABASE_URL; DB_PASSWORD; DB_HOST; DB_USER
		DB_NAME; DB_PASS; DB_USERNAME; JAVA_HOME; CATALINA_HOME; CATALINA_BASE; LD_LIBRARY_PATH; NODE_ENV
		PYTHONPATH; GOPATH; RAILS_ENV; SECRET_KEY_BASE; DJANGO_SETTINGS_MODULE; DOCUMENT_ROOT; SCRIPT_FILENAME
		SERVER_SOFTWARE; REDIS_URL; MONGO_URL; MONGODB_URI; POSTGRES_PASSWORD; MYSQL_ROOT_PASSWORD
		MYSQL_PASSWORD; PGPASSWORD; KUBERNETES_SERVICE_HOST; SPRING_DATASOURCE_URL; JWT_SECRET; process.env; ENV[
	`},
}

// leakWords lists words that no message for a client has a use for.
var leakWords = []struct{ kind, words string }{
	{"exception", `
		npe segfault sigsegv sigabrt sigkill sigbus sigill nullpointer nullreference
		nonetype nilclass stdclass badarg badmatch stopiteration keyboardinterrupt systemexit
		doesnotexist objectdoesnotexist templatedoesnotexist http404 badkeyerror
		unhandledpromiserejection unhandledpromiserejectionwarning
		processticksandrejections stacktrace backtrace traceback outofmemory assertionfailed improperlyconfigured arg0 arg1 vbscript twig_error_runtime twig_error_loader twig_error_syntax
	`},
	{"sql", `
		sqlstate sqlcode sqlerrm sqlerrmc sqlite sqlite3 sqlalchemy psycopg psycopg2 psycopg3
		pymysql mysqldb mysqlclient mysqli mysqlnd npgsql sqlclient sqlconnection sqlcommand
		oledb odbc jdbc activerecord mybatis ibatis nhibernate entityframework sequelize typeorm
		gorm jooq hikaricp hikaripool c3p0 dbcp deadlock deadlocked cx_oracle ociexecute
		sqlx pgx libpq pg_hba adodb resultset entitymanager sessionfactory dbcontext e11000
		sql mysql mysql2 mariadb postgres postgresql mssql cassandra redis memcached rabbitmq amqp
		zookeeper couchbase neo4j clickhouse solr lucene elasticsearch access_refused hy000 hyt00 objectid
		nohostavailable ldaperr sybase informix ingres hsqldb vertica sapdb memsql maxdb firebird interbase tibero cubrid altibase
		80040e14 80004005 pymongo mongoerror mongoservererror wrongtype clusterdown crossslot sqlplus
		max_allowed_packet viewstate __viewstate sp_executesql xp_cmdshell pg_catalog information_schema
	`},
	{"system error", `
		errno econnrefused econnreset econnaborted enoent eacces eperm etimedout esockettimedout
		enotfound ehostunreach ehostdown enetunreach epipe eaddrinuse eaddrnotavail emfile enfile
		enospc eisdir enotdir eexist einval enomem erofs ebadf eproto eai_again eai_noname
		getaddrinfo gethostbyname strerror err_http_headers_sent err_invalid_arg_type
		err_module_not_found err_stream_destroyed err_tls_cert_altname_invalid
		depth_zero_self_signed_cert self_signed_cert_in_chain unable_to_verify_leaf_signature
		x509 ssl_connect ssl_error_syscall certificate_verify_failed oomkilled crashloopbackoff errimagepull imagepullbackoff
	`},
	{"host", `localhost localdomain vhost resourcegroups connectionstring`},
	{"banner", `
		nginx openresty tomcat coyote jboss wildfly glassfish payara weblogic websphere werkzeug
		gunicorn uvicorn hypercorn uwsgi lighttpd haproxy fastcgi resteasy quarkus axis2 xfire
		coldfusion railo lucee mod_perl mod_ssl mod_proxy mod_wsgi mod_security mod_jk mod_php
		tomee webrick aspnetcore aspnet_client xdebug ibm_http_server zope
	`},
	{"echo", `rejectedvalue input_value input_type defaultmessage`},
	{"schema", `schemasv schemasp xml_schema_err libxml libxml2 xmllint lxml xerces`},
}

// products lists software that is a banner with a version after it.
const products = `
	apache httpd php python ruby perl node nodejs rails django flask laravel symfony express koa fastify iis jetty
	openssl plone drupal wordpress joomla magento typo3 jenkins grails struts spring hibernate kestrel passenger
	puma unicorn caddy traefik envoy kong tyk varnish squid java jdk jre openjdk openj9 dotnet mono oracle db2
	ubuntu debian centos rhel alpine kubernetes docker golang erlang elixir phoenix cowboy
	log4j logback jackson gson newtonsoft vertx akka undertow netty grizzly mongrel cherrypy tornado falcon
	pyramid bottle fastapi starlette pydantic nextjs nuxt nest nestjs hapi strapi codeigniter cakephp yii
	zend lumen slim sinatra grape padrino dancer mojolicious catalyst`
