<?php
// A small application for the built-in server and for php-fpm. What is not here
// is not found, in the server's own words.
switch (parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH)) {
case '/':
    echo 'hello';
    return;
case '/json':
    http_response_code(422);
    header('Content-Type: application/json');
    echo json_encode(['message' => 'The given data was invalid.', 'errors' => ['email' => ['The email field is required.']]]);
    return;
case '/fatal':
    http_response_code(500); // PHP itself says 200 where it displays errors
    ini_set('display_errors', '1');
    undefined_function();
case '/login':
    http_response_code(401);
    header('WWW-Authenticate: Basic realm="PHP"');
    setcookie('visit', '1');
    echo 'Please log in';
    return;
}
return false;
