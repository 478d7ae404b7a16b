<?php
// The front controller behind php_fastcgi: what it does is in the query.
switch ($_GET['do'] ?? '') {
case 'missing':
    http_response_code(404);
    echo "<h1>No such page</h1> {$_SERVER['SCRIPT_NAME']}";
    break;
case 'login':
    http_response_code(401);
    echo 'Please log in';
    break;
case 'fatal':
    ini_set('display_errors', '1');
    undefined_function();
case 'stall': // after the headers and a little of the body
    http_response_code(500);
    echo 'Fatal: ';
    flush();
    sleep(60);
    break;
case 'drip': // a byte a second
    http_response_code(500);
    for ($i = 0; $i < 60; $i++) {
        echo 'x';
        flush();
        sleep(1);
    }
    break;
case 'endless':
    http_response_code(500);
    while (!connection_aborted()) {
        echo str_repeat('x', 8192);
        flush();
    }
    break;
default:
    echo 'hello';
}
