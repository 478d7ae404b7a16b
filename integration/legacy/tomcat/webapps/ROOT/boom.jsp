<%@ page session="false" %><% if (true) throw new java.sql.SQLException("ORA-01017: invalid username/password; logon denied"); %>
