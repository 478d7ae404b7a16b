<?php
// The front controller behind php_fastcgi: what it does is in the query.
switch ($_GET['do'] ?? '') {
case 'missing':
    http_response_code(404);
    echo "<h1>No such page</h1> {$_SERVER['REQUEST_URI']} {$_SERVER['SCRIPT_NAME']}";
    break;
case 'login':
    http_response_code(401);
    echo "<p>Please log in, {$_SERVER['REQUEST_METHOD']} ", isset($_SERVER['HTTP_AUTHORIZATION']) ? 'with' : 'without', ' credentials';
    break;
case 'cut': // the worker dies in the middle of the body
    http_response_code(500);
    echo 'Fatal: ';
    flush();
    posix_kill(getmypid(), SIGKILL);
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
